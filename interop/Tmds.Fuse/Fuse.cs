using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace Tmds.Fuse;

/// <summary>Mounts file systems. Any thread may call it.</summary>
public static class Fuse
{
    // A file system by paths mostly waits for something: more threads than processors, as in libfuse.
    private const int FewestThreads = 10;

    /// <summary>What makes <see cref="CheckDependencies"/> true.</summary>
    public static string InstallationInstructions =>
        "To mount, the kernel's FUSE module and, unless you are root, fusermount3 are needed; libfuse is not."
        + "\nIf /dev/fuse is missing, run as root: modprobe fuse. If it is closed to you, run as root: chmod 666 /dev/fuse"
        + "\nTo get fusermount3, run as root:"
        + "\n apt-get install -y fuse3 (Debian, Ubuntu)"
        + "\n dnf install -y fuse3 (Fedora)";

    /// <summary>Mounts a file system and serves it. Returns when it can be used.</summary>
    /// <param name="mountPoint">An existing directory.</param>
    /// <param name="fileSystem">The file system; disposed when the mount is gone, and at once if it fails.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="FuseException">It could not be mounted. The message says why and what to do.</exception>
    public static IFuseMount Mount(string mountPoint, IFuseFileSystem fileSystem, MountOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(mountPoint);
        ArgumentNullException.ThrowIfNull(fileSystem);
        try
        {
            return new ServedMount(Serve(mountPoint, fileSystem, options ?? new MountOptions()), fileSystem);
        }
        catch (Exception exception)
        {
            fileSystem.Dispose();
            throw exception is FuseException ? exception : new FuseException(exception.Message, exception);
        }
    }

    /// <summary>Whether this user can mount here.</summary>
    public static bool CheckDependencies()
    {
        // A directory that is certainly there and no FUSE mount: what is asked is about the machine.
        IReadOnlyList<MountProblem> problems = MountRequirements.Check("/proc", new VfsBlock.Fuse.MountOptions(), MountMethod.Automatic);
        return !problems.Any(problem => problem.IsFatal);
    }

    /// <summary>Takes the mount at <paramref name="mountPoint"/> out of the directory tree; who has a file open in it is served until the last close.</summary>
    public static void LazyUnmount(string mountPoint)
    {
        ArgumentNullException.ThrowIfNull(mountPoint);
        if (MountPoint.Resolve(mountPoint, out string path) == Errno.None)
        {
            MountPoint.Unmount(path, lazy: true, out _);
        }
    }

    private static FuseSession Serve(string mountPoint, IFuseFileSystem fileSystem, MountOptions options)
    {
        ParsedMountOptions parsed = MountOptionParser.Parse($"fsname=Tmds.Fuse,{options.Options}");
        var served = new PathFileSystem(fileSystem, PathOptions.Parse(parsed.Unknown));
        bool isSingle = options.SingleThread || !fileSystem.SupportsMultiThreading;
        return FuseSession.Mount(served, mountPoint, parsed.Options, new FuseSessionOptions
        {
            WantedFlags = WantedFlags,
            Logger = options.Logger ?? StandardErrorLogger.Instance,
            ThreadCount = isSingle ? 1 : Math.Max(FewestThreads, Environment.ProcessorCount),

            // Threads that the file system starts would inherit the processor.
            PinsThreads = false,
            DeferredPerThread = 0,
        });
    }

    /// <summary>
    /// Without what a file system by paths cannot keep: attributes with every name listed, set-id bits cleared by itself, contents that change only
    /// through this mount.
    /// </summary>
    private static FuseInitFlags WantedFlags =>
        (FuseSessionOptions.DefaultFlags | FuseInitFlags.AutoInvalidateData)
        & ~(FuseInitFlags.DoReadDirPlus | FuseInitFlags.ReadDirPlusAuto | FuseInitFlags.HandleKillPrivV2
            | FuseInitFlags.ExplicitInvalidateData | FuseInitFlags.CacheSymlinks | FuseInitFlags.DirectIoAllowMmap);
}
