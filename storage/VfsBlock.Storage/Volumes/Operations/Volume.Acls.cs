using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Access control lists, which are extended attributes that the mode of their inode depends on, and new inodes of a directory.</content>
public sealed partial class Volume
{
    private enum AclKind
    {
        None,
        Access,
        Default,
    }

    private Errno SetAcl(InodeNumber inode, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, XattrFlags flags)
    {
        if (!PosixAcl.IsValid(value) || value.Length > PosixAcl.MaxBytes)
        {
            return value.Length > PosixAcl.MaxBytes ? Errno.ENOSPC : Errno.EINVAL;
        }

        AclKind kind = AclKindOf(name);
        bool clears = (flags & XattrFlags.ClearSetGroupId) != 0;
        if (PosixAcl.IsEmpty(value) || (kind == AclKind.Access && !PosixAcl.IsExtended(value)))
        {
            var removal = new XattrRemoval { Inode = inode, Name = name, Acl = kind, Plain = value, IsOptional = true, ClearsSetGroupId = clears };
            return _core.Change(ref removal, ChangeRight.Deleting);
        }

        XattrFlags how = flags & ~XattrFlags.ClearSetGroupId;
        var setting = new XattrSetting { Inode = inode, Name = name, Value = value, Flags = how, Acl = kind, ClearsSetGroupId = clears };
        return _core.Change(ref setting);
    }

    private static AclKind AclKindOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual(PosixAcl.AccessName) ? AclKind.Access : name.SequenceEqual(PosixAcl.DefaultName) ? AclKind.Default : AclKind.None;

    private static bool RequireAclTarget(ref VolumeView view, in InodeItem inode, AclKind kind) =>
        kind == AclKind.None
        || (inode.Type == InodeType.SymbolicLink ? view.Fail(Errno.EOPNOTSUPP) : kind == AclKind.Access || inode.IsDirectory || view.Fail(Errno.EACCES));

    // What an inode says of its lists, and the permissions that a new list of its own gives it. Without a list nothing is said of permissions.
    private static void SetAclMarks(ref InodeItem inode, AclKind kind, ReadOnlySpan<byte> value, bool clearsSetGroupId)
    {
        if (kind == AclKind.Default)
        {
            inode.HasDefaultAcl = !PosixAcl.IsEmpty(value);
        }
        else if (kind == AclKind.Access)
        {
            inode.HasAccessAcl = !PosixAcl.IsEmpty(value) && PosixAcl.IsExtended(value);
            inode.Mode = PosixAcl.IsEmpty(value) ? inode.Mode : (inode.Mode & ~ModeBits.AllPermissions) | PosixAcl.PermissionsOf(value);
            inode.Mode &= clearsSetGroupId ? ~ModeBits.SetGroupId : ~0U;
        }
    }

    /// <summary>What a new inode takes over from the directory that it is made in. Used in both halves of a change.</summary>
    private ref struct Inheritance
    {
        private byte[]? _acl;
        private ulong _accessSub;
        private ulong _defaultSub;

        /// <summary>Announces <see cref="Apply"/>.</summary>
        public bool Prepare(ref VolumeTransaction transaction, InodeNumber directory, in InodeItem inode, InodeNumber child)
        {
            _acl = null;
            if (!inode.HasDefaultAcl)
            {
                return true;
            }

            ref VolumeView view = ref transaction.View;
            if (!view.FindAcl(directory, PosixAcl.DefaultName, out _, out ReadOnlySpan<byte> value))
            {
                return false;
            }

            // The child has no other attributes.
            _acl = value.ToArray();
            _accessSub = FileKey.FirstSub(view.Core.XattrHashOf(PosixAcl.AccessName));
            _defaultSub = FileKey.FirstSub(view.Core.XattrHashOf(PosixAcl.DefaultName));
            _defaultSub += _defaultSub == _accessSub ? 1UL : 0;
            return transaction.WillPut(FileKey.Of(child, ItemType.Xattr, _accessSub), XattrItem.MaxBytes)
                && transaction.WillPut(FileKey.Of(child, ItemType.Xattr, _defaultSub), XattrItem.MaxBytes);
        }

        /// <summary>Gives a new inode its permissions and its lists (acl(5), object creation; fs/posix_acl.c: posix_acl_create).</summary>
        public readonly void Apply(ref VolumeTransaction transaction, InodeNumber child, ref InodeItem inode, uint umask)
        {
            if (_acl is null || inode.Type == InodeType.SymbolicLink)
            {
                inode.Mode &= inode.Type == InodeType.SymbolicLink ? ~0U : ~(umask & ModeBits.AllPermissions);
                return;
            }

            if (inode.IsDirectory)
            {
                inode.HasDefaultAcl = true;
                PutXattr(ref transaction, child, _defaultSub, PosixAcl.DefaultName, _acl);
            }

            inode.Mode = PosixAcl.Inherit(_acl, inode.Mode);
            inode.HasAccessAcl = PosixAcl.IsExtended(_acl);
            if (inode.HasAccessAcl)
            {
                PutXattr(ref transaction, child, _accessSub, PosixAcl.AccessName, _acl);
            }
        }
    }
}
