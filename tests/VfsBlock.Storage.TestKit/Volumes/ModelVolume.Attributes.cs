using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <content>Attributes and extended attributes.</content>
public sealed partial class ModelVolume
{
    private const string Capability = "security.capability";

    /// <summary>As <see cref="Volume.SetAttributes"/>.</summary>
    public Errno SetAttributes(InodeNumber number, in AttributeChange change)
    {
        if (Find(number, out Errno error) is not { } inode)
        {
            return error;
        }

        InodeItem changed = inode.Attributes;
        AttributeFields fields = change.Fields;
        bool isTouch = (fields & ~(AttributeFields.AccessTimeNow | AttributeFields.ModifyTimeNow | AttributeFields.ChangeTime)) == 0;
        if (fields != AttributeFields.None && !(isTouch ? IsMutable(inode) : IsFree(inode)))
        {
            return Errno.EPERM;
        }

        bool changesOwner = (fields & (AttributeFields.UserId | AttributeFields.GroupId)) != 0;
        if (changesOwner || fields.HasFlag(AttributeFields.ClearSetId))
        {
            inode.Xattrs.Remove(Capability);
        }

        if (fields.HasFlag(AttributeFields.ClearSetId))
        {
            bool losesGroup = (changed.Mode & 0x008) != 0 || (!changesOwner && change.CallerGroupId != changed.GroupId);
            changed.Mode &= losesGroup ? ~0xC00U : ~0x800U;
        }

        changed.UserId = fields.HasFlag(AttributeFields.UserId) ? change.UserId : changed.UserId;
        changed.GroupId = fields.HasFlag(AttributeFields.GroupId) ? change.GroupId : changed.GroupId;
        changed.Mode = fields.HasFlag(AttributeFields.Mode) ? (changed.Mode & 0xF000) | (change.Mode & 0xFFF) : changed.Mode;
        changed.AccessTime = fields.HasFlag(AttributeFields.AccessTimeNow) ? Now
            : fields.HasFlag(AttributeFields.AccessTime) ? change.AccessTime : changed.AccessTime;
        changed.ModifyTime = fields.HasFlag(AttributeFields.ModifyTimeNow) ? Now
            : fields.HasFlag(AttributeFields.ModifyTime) ? change.ModifyTime : changed.ModifyTime;
        changed.ChangeTime = fields == AttributeFields.None ? changed.ChangeTime
            : fields.HasFlag(AttributeFields.ChangeTime) ? change.ChangeTime : Now;
        inode.Attributes = changed;
        if (fields.HasFlag(AttributeFields.Mode) && inode.Xattrs.TryGetValue(AccessAcl, out byte[]? value))
        {
            var acl = new ModelAcl(value);
            acl.SetPermissions(changed.Mode);
            inode.Xattrs[AccessAcl] = acl.ToBytes();
        }

        return Errno.None;
    }

    /// <summary>As <see cref="Volume.SetFlags"/>.</summary>
    public Errno SetFlags(InodeNumber number, InodeFlags flags)
    {
        if (Find(number, out Errno error) is not { } inode)
        {
            return error;
        }

        InodeItem changed = inode.Attributes;
        changed.Flags = (changed.Flags & ~(uint)InodeFlags.All) | (uint)flags;
        inode.Attributes = changed;
        inode.Change(Now);
        return Errno.None;
    }

    /// <summary>As <see cref="Volume.SetXattr"/>.</summary>
    public Errno SetXattr(InodeNumber number, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, XattrFlags flags = XattrFlags.None)
    {
        if (Find(number, out Errno error) is not { } inode)
        {
            return error;
        }

        if (!IsFree(inode))
        {
            return Errno.EPERM;
        }

        if (Key(name) is AccessAcl or DefaultAcl)
        {
            return SetAcl(inode, Key(name), value);
        }

        bool exists = inode.Xattrs.ContainsKey(Key(name));
        if (exists ? flags.HasFlag(XattrFlags.Create) : flags.HasFlag(XattrFlags.Replace))
        {
            return exists ? Errno.EEXIST : Errno.ENODATA;
        }

        if (!exists && inode.Xattrs.Keys.Sum(key => key.Length + 1) + name.Length + 1 > VolumeLimits.MaxXattrListBytes)
        {
            return Errno.ENOSPC;
        }

        inode.Xattrs[Key(name)] = value.ToArray();
        inode.Change(Now);
        return Errno.None;
    }

    /// <summary>As <see cref="Volume.RemoveXattr"/>.</summary>
    public Errno RemoveXattr(InodeNumber number, ReadOnlySpan<byte> name)
    {
        if (Find(number, out Errno error) is not { } inode)
        {
            return error;
        }

        if (!IsFree(inode))
        {
            return Errno.EPERM;
        }

        if (!inode.Xattrs.Remove(Key(name)))
        {
            return Errno.ENODATA;
        }

        SetAclMarks(inode);
        inode.Change(Now);
        return Errno.None;
    }
}
