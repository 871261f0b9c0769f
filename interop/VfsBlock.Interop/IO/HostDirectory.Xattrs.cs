using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <content>
/// Extended attributes. The kernel has no calls that take directory and name before Linux 6.13, and opening a file would need its permission: so they go by
/// /proc/self/fd, which is this directory whatever its path is now.
/// </content>
public sealed unsafe partial class HostDirectory
{
    private const int MaxXattrBytes = 64 << 10;

    /// <summary>The names of all extended attributes; an empty name asks for the directory's own. llistxattr(2).</summary>
    public Errno ListXattrs(ReadOnlySpan<byte> name, out List<byte[]> xattrs)
    {
        xattrs = [];
        byte* list = stackalloc byte[MaxXattrBytes];
        long count;
        fixed (byte* path = PathOf(name))
        {
            count = Libc.ListXattrs(path, list, MaxXattrBytes);
        }

        var rest = new ReadOnlySpan<byte>(list, (int)Math.Max(count, 0));
        while (rest.IndexOf((byte)0) is > 0 and var end)
        {
            xattrs.Add(rest[..end].ToArray());
            rest = rest[(end + 1)..];
        }

        return count < 0 ? (Errno)(int)-count : Errno.None;
    }

    /// <summary>The value of an extended attribute. lgetxattr(2).</summary>
    public Errno GetXattr(ReadOnlySpan<byte> name, ReadOnlySpan<byte> xattr, out byte[] value)
    {
        byte* buffer = stackalloc byte[MaxXattrBytes];
        long count;
        fixed (byte* path = PathOf(name), key = Terminated(xattr))
        {
            count = Libc.GetXattr(path, key, buffer, MaxXattrBytes);
        }

        value = count <= 0 ? [] : new ReadOnlySpan<byte>(buffer, (int)count).ToArray();
        return count < 0 ? (Errno)(int)-count : Errno.None;
    }

    /// <summary>Sets an extended attribute. lsetxattr(2).</summary>
    public Errno SetXattr(ReadOnlySpan<byte> name, ReadOnlySpan<byte> xattr, ReadOnlySpan<byte> value)
    {
        fixed (byte* path = PathOf(name), key = Terminated(xattr), bytes = value)
        {
            return (Errno)(-Libc.SetXattr(path, key, bytes, (nuint)value.Length));
        }
    }

    private byte[] PathOf(ReadOnlySpan<byte> name)
    {
        byte[] path = new byte[_descriptorPath.Length + Math.Max(name.Length, 1) + 1];
        _descriptorPath.CopyTo(path, 0);
        (name.IsEmpty ? "."u8 : name).CopyTo(path.AsSpan(_descriptorPath.Length));
        return path;
    }
}
