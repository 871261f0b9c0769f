using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>
/// The set-user-id program fusermount3: it mounts for users who may not, and hands the /dev/fuse descriptor back over a
/// socket whose number it finds in <c>_FUSE_COMMFD</c>. Stateless; any thread may call it.
/// </summary>
/// <param name="Path">The program's file.</param>
internal sealed record Fusermount(string Path)
{
    /// <summary>Names another program than the fusermount3 on PATH.</summary>
    public const string PathVariable = "FUSERMOUNT_PATH";

    // It asks no file system but the one that the mount point stands on, so this is an age.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    // It speaks C's English whatever the locale, and its exit code is 1 for every failure.
    private static readonly Errno[] _recognised =
    [
        Errno.EBUSY, Errno.EPERM, Errno.EACCES, Errno.ENOENT, Errno.ENOTDIR, Errno.EINVAL, Errno.ENODEV, Errno.ENOTCONN,
    ];

    /// <summary>The program to use, or null if there is none.</summary>
    public static Fusermount? Find()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } chosen)
        {
            return new Fusermount(chosen);
        }

        string places = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/bin:/bin";
        return places.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(place => System.IO.Path.Combine(place, "fusermount3"))
            .Where(File.Exists)
            .Select(file => new Fusermount(file))
            .FirstOrDefault();
    }

    /// <summary>Mounts.</summary>
    /// <returns>
    /// The device; and with auto_unmount the program that waits to unmount, and the socket that it waits on: whoever
    /// closes that has it unmount.
    /// </returns>
    /// <exception cref="FuseMountException">It did not mount; the message holds what it printed.</exception>
    public (SafeFileHandle Device, ChildProgram? Watcher, DescriptorSocket? Socket) Mount(
        string mountPoint, MountOptions options)
    {
        Errno error = DescriptorSocket.Create(out DescriptorSocket? socket, out SafeFileHandle? peer);
        ChildProgram? program = null;
        try
        {
            if (error == Errno.None)
            {
                string descriptor = ChildProgram.InheritedDescriptor.ToString(CultureInfo.InvariantCulture);
                error = ChildProgram.Start(
                    Path,
                    ["-o", options.ToFusermountString(), "--", mountPoint],
                    [new("_FUSE_COMMFD", descriptor)],
                    peer,
                    out program);
            }

            // The program's copy must be the only one left: its end is seen by the socket's end.
            peer?.Dispose();
            if (error != Errno.None)
            {
                throw new FuseMountException(
                    $"cannot run {Path}: {ErrnoText.Describe(error)}; install it (apt-get install fuse3) or set {PathVariable}",
                    error);
            }

            SafeFileHandle device = Receive(mountPoint, socket!, program!);
            if (options.AutoUnmount)
            {
                (ChildProgram? Watcher, DescriptorSocket? Socket) kept = (program, socket);
                (program, socket) = (null, null);
                return (device, kept.Watcher, kept.Socket);
            }

            program!.WaitForExit();
            return (device, null, null);
        }
        finally
        {
            socket?.Dispose();
            program?.Dispose();
        }
    }

    /// <summary>Unmounts. It refuses by itself what another user mounted.</summary>
    /// <param name="mountPoint">Where.</param>
    /// <param name="lazy">Detach now, end with the last user of it.</param>
    /// <param name="printed">What it printed.</param>
    /// <returns>None; EBUSY; another errno that it named; EIO if it named none.</returns>
    public Errno Unmount(string mountPoint, bool lazy, out string printed)
    {
        string[] arguments = lazy ? ["-u", "-z", "--", mountPoint] : ["-u", "--", mountPoint];
        Errno error = ChildProgram.Start(Path, arguments, [], null, out ChildProgram? program);
        using (program)
        {
            printed = "";
            if (error != Errno.None)
            {
                return error;
            }

            int exitCode = program!.WaitForExit();
            printed = program.Printed;
            return exitCode == 0 ? Errno.None : Recognise(printed);
        }
    }

    private SafeFileHandle Receive(string mountPoint, DescriptorSocket socket, ChildProgram program)
    {
        Errno error = socket.Receive(_patience, out SafeFileHandle? device);
        if (error == Errno.None)
        {
            return device!;
        }

        string ending;
        if (error == Errno.ENODATA)
        {
            ending = $"ended with exit code {program.WaitForExit()}";
        }
        else
        {
            _ = program.Kill();
            ending = $"did not hand over /dev/fuse: {ErrnoText.Describe(error)}";
        }

        string printed = program.Printed;
        throw new FuseMountException(
            $"cannot mount on {mountPoint}: {Path} {ending}{(printed.Length > 0 ? $" and said: {printed}" : "")}",
            error == Errno.ENODATA ? Recognise(printed) : error);
    }

    private static Errno Recognise(string printed) => _recognised.FirstOrDefault(
        error => printed.Contains(System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage((int)error), StringComparison.Ordinal),
        Errno.EIO);
}
