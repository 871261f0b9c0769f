using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>
/// Which mount a path leads to, asked of the kernel alone: the server behind the mount gets no request, so the answer
/// comes also when it hangs or is dead.
/// </summary>
/// <param name="UniqueId">A number that no other mount ever gets; 0 if the kernel does not tell it (before Linux 6.8).</param>
/// <param name="Id">The number in mountinfo, given out again after an unmount, as a rule to the very next mount.</param>
/// <param name="Device">st_dev of the files inside; also given out again.</param>
/// <param name="IsRoot">Whether the path is where something is mounted.</param>
internal readonly unsafe record struct MountIdentity(ulong UniqueId, ulong Id, DeviceNumber Device, bool IsRoot)
{
    // linux/fcntl.h and linux/stat.h.
    private const int NoAutomount = 0x800;
    private const int DoNotSync = 0x4000;
    private const int Quiet = NoAutomount | DoNotSync | Libc.NoFollowLink;
    private const uint UniqueMountId = 0x4000;
    private const ulong MountRoot = 0x2000;

    /// <summary>The mount that <paramref name="path"/> leads to.</summary>
    public static Errno TryRead(string path, out MountIdentity identity) =>
        TryRead(Libc.CurrentDirectory, path, Quiet, out identity);

    /// <summary>The mount that a descriptor of fsmount(2) holds.</summary>
    public static Errno TryRead(SafeFileHandle mount, out MountIdentity identity) =>
        TryRead((int)mount.DangerousGetHandle(), "", Quiet | Libc.EmptyPath, out identity);

    private static Errno TryRead(int directory, string path, int flags, out MountIdentity identity)
    {
        identity = default;
        Statx plain;
        Statx unique;
        fixed (byte* name = CString.From(path))
        {
            // Nothing in the mask: FUSE then answers even users whom it does not let in. For the same reason the second
            // call may fail where the first did not.
            int result = Libc.StatX(directory, name, flags, 0, &plain);
            if (result < 0)
            {
                return (Errno)(-result);
            }

            if (Libc.StatX(directory, name, flags, UniqueMountId, &unique) < 0)
            {
                unique.Mask = 0;
            }
        }

        bool hasUnique = (unique.Mask & UniqueMountId) != 0;
        identity = new MountIdentity(
            hasUnique ? unique.MountId : 0,
            plain.MountId,
            new DeviceNumber(plain.DeviceMajor, plain.DeviceMinor),
            (plain.Attributes & MountRoot) != 0);
        return Errno.None;
    }
}
