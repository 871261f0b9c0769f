using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <content>
/// Extended attributes of the namespaces user, trusted and security. Who may touch which is the kernel's check
/// (xattr(7)). There are no ACLs: EOPNOTSUPP for <c>system.posix_acl_*</c> tells tools so.
/// </content>
public sealed partial class MemoryFileSystem
{
    // XATTR_CREATE and XATTR_REPLACE of setxattr(2).
    private const uint XattrCreate = 1;
    private const uint XattrReplace = 2;

    /// <inheritdoc/>
    public override Errno SetXattr(
        FuseRequest request, NodeId node, in FuseSetXattrIn args, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (FindWithXattrs(node, name, out Errno error) is not { } inode)
        {
            return error;
        }

        if (value.Length > FuseProtocol.MaxXattrBytes)
        {
            return Errno.E2BIG;
        }

        lock (inode.Lock)
        {
            XattrSet xattrs = inode.Xattrs ??= new XattrSet();
            Errno refused = xattrs.Set(
                name, value, mustBeNew: (args.Flags & XattrCreate) != 0, mustExist: (args.Flags & XattrReplace) != 0);
            if (refused != Errno.None)
            {
                return refused;
            }
        }

        inode.SetCtime(Timestamp.Now);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno GetXattr(
        FuseRequest request, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, ref int byteCount)
    {
        if (FindWithXattrs(node, name, out Errno error) is not { } inode)
        {
            return error;
        }

        lock (inode.Lock)
        {
            if (inode.Xattrs is not { } xattrs || !xattrs.TryGet(name, out ReadOnlySpan<byte> stored))
            {
                return Errno.ENODATA;
            }

            byteCount = stored.Length;
            if (stored.Length <= value.Length)
            {
                stored.CopyTo(value);
            }
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno ListXattr(FuseRequest request, NodeId node, Span<byte> names, ref int byteCount)
    {
        if (Find<Inode>(node, Errno.None, out Errno error) is not { } inode)
        {
            return error;
        }

        lock (inode.Lock)
        {
            int listBytes = 0;
            foreach (byte[] name in inode.Xattrs?.Names ?? [])
            {
                // Trusted attributes do not exist for those who may not read them.
                if (request.UserId != 0 && name.AsSpan().StartsWith("trusted."u8))
                {
                    continue;
                }

                if (listBytes + name.Length < names.Length)
                {
                    name.CopyTo(names[listBytes..]);
                    names[listBytes + name.Length] = 0;
                }

                listBytes += name.Length + 1;
            }

            byteCount = listBytes;
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno RemoveXattr(FuseRequest request, NodeId node, ReadOnlySpan<byte> name)
    {
        if (FindWithXattrs(node, name, out Errno error) is not { } inode)
        {
            return error;
        }

        lock (inode.Lock)
        {
            if (inode.Xattrs is not { } xattrs || !xattrs.Remove(name))
            {
                return Errno.ENODATA;
            }
        }

        inode.SetCtime(Timestamp.Now);
        return Errno.None;
    }

    private Inode? FindWithXattrs(NodeId node, ReadOnlySpan<byte> name, out Errno error)
    {
        bool known = name.StartsWith("user."u8) || name.StartsWith("trusted."u8) || name.StartsWith("security."u8);
        error = Errno.EOPNOTSUPP;
        return known ? Find<Inode>(node, Errno.None, out error) : null;
    }
}
