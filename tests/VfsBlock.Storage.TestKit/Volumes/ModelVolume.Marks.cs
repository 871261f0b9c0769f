using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <content>What forbids changes, and access control lists.</content>
public sealed partial class ModelVolume
{
    private const string AccessAcl = "system.posix_acl_access";
    private const string DefaultAcl = "system.posix_acl_default";
    private const uint PermissionBits = 0x1FF;

    /// <summary>False for what is immutable.</summary>
    private static bool IsMutable(ModelInode inode) => (inode.Attributes.Flags & (uint)InodeFlags.Immutable) == 0;

    /// <summary>False for what is immutable or only grows.</summary>
    private static bool IsFree(ModelInode inode) => (inode.Attributes.Flags & (uint)(InodeFlags.Immutable | InodeFlags.AppendOnly)) == 0;

    /// <summary>Whether bytes from an offset on may be written.</summary>
    private static bool IsWritable(ModelInode inode, int offsetBytes) =>
        IsMutable(inode) && (IsFree(inode) || offsetBytes >= inode.Content.Bytes.Length);

    /// <summary>Whether a name may be taken away.</summary>
    private static bool MayLeave(ModelInode directory, ModelInode inode) => IsFree(directory) && IsFree(inode);

    private Errno SetAcl(ModelInode inode, string name, ReadOnlySpan<byte> value)
    {
        if (inode.Attributes.Type == InodeType.SymbolicLink)
        {
            return Errno.EOPNOTSUPP;
        }

        if (name == DefaultAcl && !inode.IsDirectory)
        {
            return Errno.EACCES;
        }

        var acl = new ModelAcl(value);
        inode.Xattrs.Remove(name);
        if (name == DefaultAcl ? !acl.IsEmpty : acl.IsExtended)
        {
            inode.Xattrs[name] = value.ToArray();
        }

        InodeItem changed = inode.Attributes;
        changed.Mode = name == DefaultAcl || acl.IsEmpty ? changed.Mode : (changed.Mode & ~PermissionBits) | acl.Permissions;
        inode.Attributes = changed;
        SetAclMarks(inode);
        inode.Change(Now);
        return Errno.None;
    }

    // What a directory gives to what is made in it.
    private static void Inherit(ModelInode directory, ModelInode inode)
    {
        if (inode.Attributes.Type == InodeType.SymbolicLink || !directory.Xattrs.TryGetValue(DefaultAcl, out byte[]? value))
        {
            return;
        }

        if (inode.IsDirectory)
        {
            inode.Xattrs[DefaultAcl] = value;
        }

        var acl = new ModelAcl(value);
        InodeItem changed = inode.Attributes;
        acl.SetPermissions(acl.Permissions & changed.Mode);
        changed.Mode = (changed.Mode & ~PermissionBits) | acl.Permissions;
        inode.Attributes = changed;
        if (acl.IsExtended)
        {
            inode.Xattrs[AccessAcl] = acl.ToBytes();
        }

        SetAclMarks(inode);
    }

    private static void SetAclMarks(ModelInode inode)
    {
        InodeItem changed = inode.Attributes;
        changed.HasAccessAcl = inode.Xattrs.ContainsKey(AccessAcl);
        changed.HasDefaultAcl = inode.Xattrs.ContainsKey(DefaultAcl);
        inode.Attributes = changed;
    }
}
