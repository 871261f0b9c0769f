using System.Text;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>The path of a mount, and the call that takes a mount away. Stateless; any thread may call it.</summary>
public static unsafe class MountPoint
{
    /// <summary>The absolute path without links, as it stands in mountinfo. Works on a dead mount too.</summary>
    public static Errno Resolve(string path, out string resolved)
    {
        byte* buffer = stackalloc byte[Libc.PathBytes];
        fixed (byte* name = CString.From(path))
        {
            int result = Libc.RealPath(name, buffer);
            resolved = result < 0 ? path : Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer));
            return (Errno)(-result);
        }
    }

    /// <summary>
    /// Takes away what is mounted at <paramref name="path"/>, whoever mounted it: by umount2(2), or through fusermount3
    /// where that is not permitted.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="lazy">Detach now, end with the last user of it.</param>
    /// <param name="detail">What fusermount3 said about it.</param>
    public static Errno Unmount(string path, bool lazy, out string detail)
    {
        detail = "";
        Errno error;
        fixed (byte* name = CString.From(path))
        {
            error = (Errno)(-Libc.Unmount(name, Libc.UnmountNoFollow | (lazy ? Libc.DetachMount : 0)));
        }

        return error == Errno.EPERM && Fusermount.Find() is { } fusermount
            ? fusermount.Unmount(path, lazy, out detail)
            : error;
    }
}
