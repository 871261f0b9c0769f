using Microsoft.Extensions.Logging;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>
/// The mount that a killed server leaves behind: every call in it fails with ENOTCONN, and it stays in the way until
/// somebody unmounts it. Stateless; any thread may call it.
/// </summary>
public static class StaleMount
{
    // A stack this high is no accident; whoever built it may take it down.
    private const int MaxStacked = 64;

    // A dead mount answers at once; only a live server can be this slow, and then the mount is not ours to judge.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether a FUSE mount is there whose server is gone. A server that is slow, or hangs, is not gone.</summary>
    /// <param name="mountPoint">Where; an absolute path without links.</param>
    public static bool IsAt(string mountPoint) => MountTable.Find(mountPoint) is { IsFuse: true } && IsDead(mountPoint);

    /// <summary>Unmounts every stale mount on top at <paramref name="mountPoint"/>, and nothing that is alive.</summary>
    /// <param name="mountPoint">Where; an absolute path without links.</param>
    /// <param name="logger">Is told what was found and what was done.</param>
    /// <returns>None, also if nothing was stale; otherwise why a stale mount could not be unmounted.</returns>
    public static Errno Remove(string mountPoint, ILogger logger)
    {
        for (int count = 0; count < MaxStacked && IsAt(mountPoint); count++)
        {
            Errno error = MountPoint.Unmount(mountPoint, lazy: true, out string detail);
            if (error != Errno.None)
            {
                logger.LogError(
                    "a dead FUSE mount is in the way at {MountPoint} and cannot be unmounted: {Error} {Detail}; as root: umount -l {MountPoint}",
                    mountPoint, ErrnoText.Describe(error), detail, mountPoint);
                return error;
            }

            logger.LogWarning("unmounted a dead FUSE mount at {MountPoint}: its server had gone without unmounting it", mountPoint);
        }

        return Errno.None;
    }

    /// <summary>Asks the server behind the mount for the root's attributes, on a thread that may get stuck with it.</summary>
    internal static bool IsDead(string mountPoint) => IsDead(mountPoint, _patience);

    /// <inheritdoc cref="IsDead(string)"/>
    internal static bool IsDead(string mountPoint, TimeSpan patience)
    {
        int result = 0;
        var thread = new Thread(() => Volatile.Write(ref result, Ask(mountPoint)))
        {
            IsBackground = true,
            Name = "fuse-stale-check",
        };
        thread.Start();
        return thread.Join(patience) && Volatile.Read(ref result) == -(int)Errno.ENOTCONN;
    }

    private static unsafe int Ask(string mountPoint)
    {
        const int ForceSync = 0x2000;
        Statx answer;
        fixed (byte* name = CString.From(mountPoint))
        {
            return Libc.StatX(Libc.CurrentDirectory, name, ForceSync | Libc.NoFollowLink, Libc.StatxBasic, &answer);
        }
    }
}
