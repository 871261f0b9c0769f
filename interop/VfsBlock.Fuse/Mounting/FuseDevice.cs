using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>What can be asked of a /dev/fuse descriptor beside reading and writing. Stateless; any thread may call it.</summary>
internal static unsafe class FuseDevice
{
    /// <summary>The device that the kernel module offers.</summary>
    public const string Path = "/dev/fuse";

    /// <summary>Opens the device, closed on exec: a child that kept it open would keep a dead mount half alive.</summary>
    public static Errno Open(out SafeFileHandle? device)
    {
        device = HostFile.TryOpen(Path, OpenFlags.ReadWrite, 0, out Errno error)?.Handle;
        return error;
    }

    /// <summary>Opens the device once more, for the same connection (FUSE_DEV_IOC_CLONE): see <see cref="FuseMount.TryCloneDevice"/>.</summary>
    public static Errno Clone(SafeFileHandle device, out SafeFileHandle? clone)
    {
        Errno error = Open(out SafeFileHandle? opened);
        if (error == Errno.None)
        {
            uint original = (uint)device.DangerousGetHandle();
            error = (Errno)(-Libc.Ioctl((int)opened!.DangerousGetHandle(), FuseDeviceIoctl.Clone, &original));
        }

        if (error != Errno.None)
        {
            opened?.Dispose();
            opened = null;
        }

        clone = opened;
        return error;
    }

    /// <summary>
    /// Asks that the mount call wait for the answer to INIT and fail if INIT fails (FUSE_DEV_IOC_SYNC_INIT, Linux 6.18).
    /// From then on a read before the mount waits for the mount instead of failing with EPERM.
    /// </summary>
    /// <returns>None, or ENOTTY where the kernel does not know the request.</returns>
    public static Errno RequestSyncInit(SafeFileHandle device) =>
        (Errno)(-Libc.Ioctl((int)device.DangerousGetHandle(), FuseDeviceIoctl.SyncInit, null));

    /// <summary>False once the file system is unmounted everywhere, or aborted. Never waits once it has been mounted.</summary>
    public static bool IsConnected(SafeFileHandle device)
    {
        var poll = new PollDescriptor { FileDescriptor = (int)device.DangerousGetHandle() };
        int ready = Libc.Poll(&poll, 1, 0);
        return ready >= 0 && (poll.Reported & PollDescriptor.Broken) == 0;
    }

    /// <summary>
    /// The number of the connection that the descriptor belongs to, which is the device number of the files inside; null
    /// if the kernel does not tell (it does from Linux 6.15 on) or nothing is mounted by it.
    /// </summary>
    public static uint? ReadConnection(SafeFileHandle device)
    {
        string? text = ProcField.Read($"/proc/self/fdinfo/{device.DangerousGetHandle()}", "fuse_connection");
        return uint.TryParse(text, CultureInfo.InvariantCulture, out uint number) ? number : null;
    }
}
