using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>What must hold before a mount can work, checked beforehand so that the message can say what to do.</summary>
/// <remarks>Stateless; any thread may call it. Asks no FUSE server anything.</remarks>
public static class MountRequirements
{
    /// <summary>Looks for everything that stands against a mount.</summary>
    /// <param name="mountPoint">Where; an absolute path without links.</param>
    /// <param name="options">How.</param>
    /// <param name="method">By whom.</param>
    /// <returns>The problems, fatal ones first; empty if all is well.</returns>
    public static IReadOnlyList<MountProblem> Check(string mountPoint, MountOptions options, MountMethod method) =>
        Check(mountPoint, options, method, new MountSurroundings());

    internal static IReadOnlyList<MountProblem> Check(
        string mountPoint, MountOptions options, MountMethod method, MountSurroundings surroundings)
    {
        ArgumentException.ThrowIfNullOrEmpty(mountPoint);
        ArgumentNullException.ThrowIfNull(options);
        bool usesProgram = method == MountMethod.Fusermount || (method == MountMethod.Automatic && (options.AutoUnmount || !surroundings.MayMount));
        IEnumerable<MountProblem> problems =
        [
            .. CheckOptions(options, method, usesProgram, surroundings),
            .. CheckMachine(usesProgram, surroundings),
            .. CheckMountPoint(mountPoint),
        ];
        return [.. problems.OrderByDescending(problem => problem.IsFatal)];
    }

    private static IEnumerable<MountProblem> CheckOptions(
        MountOptions options, MountMethod method, bool usesProgram, MountSurroundings surroundings)
    {
        foreach (string conflict in options.FindConflicts())
        {
            yield return Fatal(Errno.EINVAL, conflict);
        }

        if (options.AutoUnmount && method == MountMethod.Direct)
        {
            yield return Fatal(Errno.EINVAL, "auto_unmount is the work of fusermount3; leave it out, or do not ask for a direct mount");
        }

        if (options.BlockDevice && !surroundings.MayMount)
        {
            yield return Fatal(Errno.EPERM, "blkdev is for root only; leave it out, or mount as root");
        }

        if (options.AllowOther && usesProgram && !surroundings.MayMount && !AllowsOther(surroundings.ConfigurationPath))
        {
            yield return Fatal(
                Errno.EPERM,
                $"allow_other is not permitted to ordinary users here; as root add this line to {surroundings.ConfigurationPath}: user_allow_other");
        }
    }

    private static IEnumerable<MountProblem> CheckMachine(bool usesProgram, MountSurroundings surroundings)
    {
        switch (surroundings.DeviceError)
        {
            case Errno.None:
                break;
            case Errno.ENOENT or Errno.ENODEV or Errno.ENXIO:
                yield return Fatal(
                    Errno.ENODEV,
                    $"{FuseDevice.Path} is missing: the kernel's FUSE module is not loaded; as root: modprobe fuse (in a container: start it with --device /dev/fuse)");
                break;
            case Errno.EACCES:
                // fusermount3 is no way around this: it opens the device with the rights of the user who runs it.
                yield return Fatal(Errno.EACCES, $"{FuseDevice.Path} is closed to this user; as root: chmod 666 {FuseDevice.Path}");
                break;
            default:
                yield return Fatal(surroundings.DeviceError, $"{FuseDevice.Path} cannot be opened: {ErrnoText.Describe(surroundings.DeviceError)}");
                break;
        }

        if (usesProgram && !surroundings.HasFusermount)
        {
            yield return Fatal(
                Errno.ENOENT, "fusermount3 is missing, without which only root can mount; as root: apt-get install fuse3");
        }
    }

    private static IEnumerable<MountProblem> CheckMountPoint(string mountPoint)
    {
        if (MountTable.Find(mountPoint) is { } entry)
        {
            if (entry.IsFuse)
            {
                // Looking inside could wait for its server, so this is the end of what can be said.
                return [StaleMount.IsDead(mountPoint)
                    ? Fatal(Errno.ENOTCONN, $"a dead FUSE mount is in the way; as root: umount -l {mountPoint}")
                    : Fatal(Errno.EBUSY, $"{entry.Source} is mounted there already (type {entry.Type}); unmount it first: fusermount3 -u {mountPoint}")];
            }

            return [.. CheckDirectory(mountPoint), Warning(Errno.EBUSY, $"{entry.Source} (type {entry.Type}) is mounted there already and will be hidden")];
        }

        return CheckDirectory(mountPoint);
    }

    private static IEnumerable<MountProblem> CheckDirectory(string mountPoint)
    {
        if (Directory.Exists(mountPoint))
        {
            if (HoldsFiles(mountPoint))
            {
                yield return Warning(Errno.ENOTEMPTY, "the directory is not empty; what is in it is hidden until the unmount");
            }
        }
        else if (File.Exists(mountPoint))
        {
            yield return Fatal(Errno.ENOTDIR, "it is not a directory; name one");
        }
        else
        {
            yield return Fatal(Errno.ENOENT, $"there is no such directory; make it: mkdir -p {mountPoint}");
        }
    }

    private static bool HoldsFiles(string directory)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(directory).Any();
        }
        catch (UnauthorizedAccessException)
        {
            // Whether we may list it says nothing about whether it can be mounted on.
            return false;
        }
    }

    // As fusermount3 reads it: the word alone on a line.
    private static bool AllowsOther(string configurationPath) =>
        File.Exists(configurationPath) && File.ReadLines(configurationPath).Any(line => line.Trim() == "user_allow_other");

    private static MountProblem Fatal(Errno error, string message) => new(IsFatal: true, error, message);

    private static MountProblem Warning(Errno error, string message) => new(IsFatal: false, error, message);
}
