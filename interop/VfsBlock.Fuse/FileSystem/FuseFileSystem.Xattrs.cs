using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <content>
/// Extended attributes. The default is EOPNOTSUPP (xattr(7)); ENOSYS would save a message for each created file, and is
/// the file system's own choice, since it switches them off for the life of the mount.
/// </content>
public abstract partial class FuseFileSystem
{
    /// <summary>SETXATTR, with XATTR_CREATE (1) or XATTR_REPLACE (2) in the flags.</summary>
    public virtual Errno SetXattr(
        FuseRequest request, NodeId node, in FuseSetXattrIn args, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Errno.EOPNOTSUPP;

    /// <summary>GETXATTR: sets <paramref name="byteCount"/> to the value's length, and copies the value if it fits.</summary>
    /// <param name="request">The request.</param>
    /// <param name="node">The node.</param>
    /// <param name="name">The attribute, with its namespace: <c>user.x</c>.</param>
    /// <param name="value">The caller's room; empty when only the length is asked for.</param>
    /// <param name="byteCount">The value's length. Longer than the room: the caller gets ERANGE.</param>
    /// <returns>ENODATA if there is none.</returns>
    public virtual Errno GetXattr(
        FuseRequest request, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, ref int byteCount) =>
        Errno.EOPNOTSUPP;

    /// <summary>LISTXATTR: names, each followed by a NUL; the count works as in <see cref="GetXattr"/>.</summary>
    public virtual Errno ListXattr(FuseRequest request, NodeId node, Span<byte> names, ref int byteCount) =>
        Errno.EOPNOTSUPP;

    /// <summary>REMOVEXATTR.</summary>
    /// <returns>ENODATA if there is none.</returns>
    public virtual Errno RemoveXattr(FuseRequest request, NodeId node, ReadOnlySpan<byte> name) => Errno.EOPNOTSUPP;
}
