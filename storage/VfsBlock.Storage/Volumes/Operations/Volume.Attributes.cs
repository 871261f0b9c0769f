using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Changes of attributes.</content>
public sealed partial class Volume
{
    private const long SecondsPerDay = 24 * 60 * 60;

    private static ReadOnlySpan<byte> CapabilityXattr => "security.capability"u8;

    /// <summary>
    /// Changes attributes. Whatever is changed, the change time becomes now, unless it is given. Permissions change in the access control list too, if there is one (acl(5)).
    /// </summary>
    /// <param name="inode">Whose.</param>
    /// <param name="change">What: no field, and nothing happens.</param>
    /// <param name="attributes">What they are then.</param>
    /// <returns>EINVAL for a time that cannot be kept; EPERM if the inode is immutable, or append-only and more than times become now.</returns>
    public Errno SetAttributes(InodeNumber inode, in AttributeChange change, out InodeItem attributes)
    {
        attributes = default;
        if (!change.IsValid)
        {
            return Errno.EINVAL;
        }

        var setting = new AttributeSetting { Inode = inode, Change = change };
        Errno error = _core.Change(ref setting, ChangeRight.Deleting);
        attributes = setting.After;
        return error;
    }

    /// <summary>
    /// Records that an inode was read, by the rule of relatime (mount(8)): if the last time recorded is not after the last change, or a day old. Usually it
    /// is neither, and nothing is changed.
    /// </summary>
    public Errno RecordAccess(InodeNumber inode)
    {
        Errno error = GetAttributes(inode, out InodeItem attributes);
        if (error != Errno.None || !IsAccessTimeDue(attributes, Timestamp.Now(_core.Clock)))
        {
            return error;
        }

        var recording = new AccessRecording { Inode = inode };
        return _core.Change(ref recording, ChangeRight.Deleting);
    }

    private static bool IsAccessTimeDue(in InodeItem inode, Timestamp now) =>
        !inode.Has(InodeFlags.NoAccessTime)
        && (inode.AccessTime <= inode.ModifyTime
        || inode.AccessTime <= inode.ChangeTime
        || now.Seconds - inode.AccessTime.Seconds >= SecondsPerDay);

    private struct AttributeSetting : IVolumeChange
    {
        public InodeNumber Inode;
        public AttributeChange Change;
        public InodeItem After;
        private InodeItem _before;
        private ItemSlot _capability;
        private ItemSlot _acl;

        public bool Prepare(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            _capability = default;
            return view.FindInode(Inode, out _before)
                && (Change.Fields == AttributeFields.None || (IsTouch ? view.RequireMutable(in _before) : view.RequireFree(in _before)))
                && transaction.WillUpdate(Inode)
                && (!LosesPrivileges || PrepareCapability(ref transaction))
                && PrepareAcl(ref transaction);
        }

        public void Apply(ref VolumeTransaction transaction)
        {
            After = _before;
            SetOwnerAndMode();
            SetTimes(transaction.Now);
            transaction.Update(Inode, _before, After);
            PutAcl(ref transaction);
            if (_capability.IsTaken)
            {
                transaction.Delete(FileKey.Of(Inode, ItemType.Xattr, _capability.Sub));
            }
        }

        /// <summary>A program whose owner or content changes must not keep what its old owner trusted it with.</summary>
        private readonly bool LosesPrivileges => Change.ChangesOwner || Change.Has(AttributeFields.ClearSetId);

        /// <summary>True if nothing but times becomes now, or the change time what the kernel says: append-only inodes take that.</summary>
        private readonly bool IsTouch => !Change.Has(~(AttributeFields.AccessTimeNow | AttributeFields.ModifyTimeNow | AttributeFields.ChangeTime));

        // The list and the mode say the same of owner, group and others.
        private bool PrepareAcl(ref VolumeTransaction transaction)
        {
            _acl = default;
            return !Change.Has(AttributeFields.Mode)
                || !_before.HasAccessAcl
                || (transaction.View.FindAcl(Inode, PosixAcl.AccessName, out _acl, out _)
                    && transaction.WillPut(FileKey.Of(Inode, ItemType.Xattr, _acl.Sub), XattrItem.MaxBytes));
        }

        [SkipLocalsInit]
        private readonly void PutAcl(ref VolumeTransaction transaction)
        {
            if (!_acl.IsTaken)
            {
                return;
            }

            Span<byte> acl = stackalloc byte[PosixAcl.MaxBytes];
            transaction.View.FindAcl(Inode, PosixAcl.AccessName, out _, out ReadOnlySpan<byte> value);
            value.CopyTo(acl);
            acl = acl[..value.Length];
            PosixAcl.SetPermissions(acl, After.Mode);
            PutXattr(ref transaction, Inode, _acl.Sub, PosixAcl.AccessName, acl);
        }

        private bool PrepareCapability(ref VolumeTransaction transaction) =>
            transaction.View.FindXattr(Inode, CapabilityXattr, out _capability, out XattrItem found)
            && (found.ChunkCount == 0 || transaction.View.FailDamaged(Inode))
            && (!_capability.IsTaken || transaction.WillDelete(FileKey.Of(Inode, ItemType.Xattr, _capability.Sub)));

        private void SetOwnerAndMode()
        {
            if (Change.Has(AttributeFields.ClearSetId))
            {
                bool losesGroup = (After.Mode & ModeBits.GroupExecute) != 0
                    || (!Change.ChangesOwner && Change.CallerGroupId != After.GroupId);
                After.Mode &= ~(ModeBits.SetUserId | (losesGroup ? ModeBits.SetGroupId : 0));
            }

            After.UserId = Change.Has(AttributeFields.UserId) ? Change.UserId : After.UserId;
            After.GroupId = Change.Has(AttributeFields.GroupId) ? Change.GroupId : After.GroupId;
            if (Change.Has(AttributeFields.Mode))
            {
                After.Mode = (After.Mode & ~ModeBits.PermissionMask) | (Change.Mode & ModeBits.PermissionMask);
            }
        }

        private void SetTimes(Timestamp now)
        {
            if (Change.Has(AttributeFields.AccessTime | AttributeFields.AccessTimeNow))
            {
                After.AccessTime = Change.Has(AttributeFields.AccessTimeNow) ? now : Change.AccessTime;
            }

            if (Change.Has(AttributeFields.ModifyTime | AttributeFields.ModifyTimeNow))
            {
                After.ModifyTime = Change.Has(AttributeFields.ModifyTimeNow) ? now : Change.ModifyTime;
            }

            if (Change.Fields != AttributeFields.None)
            {
                After.ChangeTime = Change.Has(AttributeFields.ChangeTime) ? Change.ChangeTime : now;
            }
        }
    }

    private struct AccessRecording : IVolumeChange
    {
        public InodeNumber Inode;
        private InodeItem _inode;

        public bool Prepare(ref VolumeTransaction transaction) =>
            transaction.View.FindInode(Inode, out _inode) && transaction.WillUpdate(Inode);

        public readonly void Apply(ref VolumeTransaction transaction)
        {
            InodeItem changed = _inode;
            if (IsAccessTimeDue(_inode, transaction.Now))
            {
                changed.AccessTime = transaction.Now;
            }

            transaction.Update(Inode, _inode, changed);
        }
    }
}
