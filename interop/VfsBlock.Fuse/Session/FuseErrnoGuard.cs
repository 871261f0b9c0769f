using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>Keeps answers that the kernel would misunderstand, or remember to our harm, from reaching it.</summary>
/// <remarks>See docs/decisions/0003-errors-the-kernel-remembers.md.</remarks>
internal static class FuseErrnoGuard
{
    /// <summary>The kernel takes 1 to 511; its own codes begin at 512, and a reply with one of them is malformed.</summary>
    private const int LargestErrno = 511;

    /// <summary>What goes out in place of <paramref name="error"/>: mostly itself.</summary>
    public static Errno Check(FuseOpcode opcode, Errno error) => error switch
    {
        Errno.ENOSYS => MayBeUnimplemented(opcode) ? error : Instead(opcode),
        < Errno.None or > (Errno)LargestErrno => Errno.EIO,
        _ => error,
    };

    /// <summary>Where ENOSYS costs nothing but the feature: the kernel then does without, correctly.</summary>
    private static bool MayBeUnimplemented(FuseOpcode opcode) => opcode
        is FuseOpcode.Flush or FuseOpcode.OpenDir or FuseOpcode.Access or FuseOpcode.Create or FuseOpcode.Statx
        or FuseOpcode.Bmap or FuseOpcode.Poll or FuseOpcode.Lseek
        or FuseOpcode.CopyFileRange or FuseOpcode.CopyFileRange64
        or FuseOpcode.SetXattr or FuseOpcode.GetXattr or FuseOpcode.ListXattr or FuseOpcode.RemoveXattr;

    /// <summary>Features that have an answer of their own for "not here"; for the rest ENOSYS can only be a mistake.</summary>
    private static Errno Instead(FuseOpcode opcode) => opcode switch
    {
        FuseOpcode.Fallocate or FuseOpcode.TmpFile => Errno.EOPNOTSUPP,
        FuseOpcode.Link => Errno.EPERM,
        FuseOpcode.Rename2 => Errno.EINVAL,
        FuseOpcode.Ioctl => Errno.ENOTTY,
        _ => Errno.EIO,
    };
}
