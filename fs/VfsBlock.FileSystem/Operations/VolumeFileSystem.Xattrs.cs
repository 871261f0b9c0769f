using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <content>
/// Extended attributes of the namespaces user, trusted and security, and access control lists where the kernel checks them. Who may touch which is the kernel's
/// affair (xattr(7)). EOPNOTSUPP for the others tells tools that there are none.
/// </content>
public sealed partial class VolumeFileSystem
{
    /// <inheritdoc/>
    public override Errno SetXattr(FuseRequest request, NodeId node, in FuseSetXattrIn args, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        IsServed(name) ? _volume.SetXattr(Inode(node), name, value, FlagsOf(args)) : Errno.EOPNOTSUPP;

    /// <inheritdoc/>
    public override Errno GetXattr(FuseRequest request, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, ref int byteCount)
    {
        if (!IsServed(name))
        {
            return Errno.EOPNOTSUPP;
        }

        Errno error = _volume.GetXattr(Inode(node), name, value, out byteCount);

        // The count alone tells the session that the room is too small.
        return error == Errno.ERANGE ? Errno.None : error;
    }

    /// <inheritdoc/>
    public override Errno ListXattr(FuseRequest request, NodeId node, Span<byte> names, ref int byteCount)
    {
        Errno error = _volume.ListXattrs(Inode(node), names, out byteCount, hidesTrusted: request.UserId != 0);
        return error == Errno.ERANGE ? Errno.None : error;
    }

    /// <inheritdoc/>
    public override Errno RemoveXattr(FuseRequest request, NodeId node, ReadOnlySpan<byte> name) =>
        IsServed(name) ? _volume.RemoveXattr(Inode(node), name) : Errno.EOPNOTSUPP;

    private static XattrFlags FlagsOf(in FuseSetXattrIn args)
    {
        var flags = (XattrFlags)args.Flags & (XattrFlags.Create | XattrFlags.Replace);
        return (args.SetXattrFlags & FuseSetXattrFlags.AclKillSgid) != 0 ? flags | XattrFlags.ClearSetGroupId : flags;
    }

    private bool IsServed(ReadOnlySpan<byte> name) =>
        name.StartsWith("user."u8) || name.StartsWith("trusted."u8) || name.StartsWith("security."u8)
        || (_servesAcls && (name.SequenceEqual("system.posix_acl_access"u8) || name.SequenceEqual("system.posix_acl_default"u8)));
}
