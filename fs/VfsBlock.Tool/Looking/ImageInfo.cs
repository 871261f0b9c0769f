using VfsBlock.Fuse;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>All that <c>vfsblock info</c> tells.</summary>
internal sealed partial record ImageInfo
{
    // A statvfs(3) of a mount asks its server: an image that is served tells its space best that way.
    private ImageInfo(string image, VolumeSummary summary) => (Image, Summary) = (image, summary);

    /// <summary>The image's path.</summary>
    public string Image { get; }

    /// <summary>What the image says of itself.</summary>
    public VolumeSummary Summary { get; }

    /// <summary>Where it is mounted.</summary>
    public IReadOnlyList<string> MountPoints { get; private init; } = [];

    /// <summary>True if somebody has it open for writing: a mount, or a command.</summary>
    public bool IsInUse { get; private init; }

    /// <summary>Bytes in use.</summary>
    public ulong UsedBytes { get; private init; }

    /// <summary>Bytes that can still be had, as far as the disk below has room. While another program than a mount has the image open: without growing.</summary>
    public ulong FreeBytes { get; private init; }

    /// <summary>Inodes in use.</summary>
    public ulong InodeCount { get; private init; }

    /// <summary>Bytes that the image's file takes on its disk.</summary>
    public long FileBytes { get; private init; }

    /// <summary>Bytes of the log that an opening would replay; null while it is in use.</summary>
    public long? LogUsedBytes => IsInUse ? null : Summary.LogUsedBytes;

    /// <summary>Looks at an image, or at what is mounted on a directory.</summary>
    /// <exception cref="ToolException">Nothing of ours is mounted there.</exception>
    /// <exception cref="StorageException">It is no image, or not one that can be read.</exception>
    public static ImageInfo Read(string target)
    {
        string image = Directory.Exists(target) ? ImageOf(target) : ImageFile.Usable(target);
        using FileDevice device = FileDevice.Open(image, new FileDeviceOptions { IsReadOnly = true, IgnoresLock = true });
        VolumeSummary summary = VolumeSummary.Read(device);
        List<string> mountPoints = [.. MountTable.Read()
            .Where(entry => entry.Type == UnmountCommand.MountType && IsSameFile(entry.Source, image))
            .Select(entry => entry.MountPoint)];
        var info = new ImageInfo(image, summary)
        {
            MountPoints = mountPoints,
            InodeCount = summary.InodeCount,
            UsedBytes = summary.SizeBytes - summary.FreeBytes,
            FreeBytes = summary.FreeBytes,
            FileBytes = FileSpace(image),
        };
        return mountPoints.Count > 0 ? info.AskServer(mountPoints[0]) : info.AskImage();
    }

    private static string ImageOf(string directory)
    {
        string path = MountPath.Absolute(directory);
        return MountTable.Find(path) is { } entry && entry.Type == UnmountCommand.MountType
            ? entry.Source
            : throw new ToolException($"{path} is a directory, and no image is mounted on it", ExitCode.NotMounted);
    }

    // By any of its paths.
    private static bool IsSameFile(string source, string image) =>
        Mono.Unix.Native.Syscall.stat(source, out Mono.Unix.Native.Stat left) == 0
        && Mono.Unix.Native.Syscall.stat(image, out Mono.Unix.Native.Stat right) == 0
        && (left.st_dev, left.st_ino) == (right.st_dev, right.st_ino);

    private static long FileSpace(string image) =>
        Mono.Unix.Native.Syscall.stat(image, out Mono.Unix.Native.Stat stat) == 0 ? stat.st_blocks * 512 : 0;

    /// <summary>How much the image's file may still grow: up to its limit, and as far as the disk has room. A block device does not grow.</summary>
    private ulong GrowthBytes()
    {
        ulong limitBytes = Summary.SizeLimitBytes == 0 ? ulong.MaxValue : ulong.CreateSaturating((Int128)Summary.SizeLimitBytes - Summary.SizeBytes);
        return Mono.Unix.Native.Syscall.stat(Image, out Mono.Unix.Native.Stat stat) == 0
            && (stat.st_mode & Mono.Unix.Native.FilePermissions.S_IFMT) == Mono.Unix.Native.FilePermissions.S_IFREG
            && Mono.Unix.Native.Syscall.statvfs(Image, out Mono.Unix.Native.Statvfs disk) == 0
            ? Math.Min(limitBytes, disk.f_bavail * disk.f_frsize)
            : 0;
    }

    private ImageInfo AskServer(string mountPoint)
    {
        if (Mono.Unix.Native.Syscall.statvfs(mountPoint, out Mono.Unix.Native.Statvfs space) != 0)
        {
            return this with { IsInUse = true };
        }

        return this with
        {
            IsInUse = true,
            UsedBytes = (space.f_blocks - space.f_bfree) * space.f_frsize,
            FreeBytes = space.f_bavail * space.f_frsize,
            InodeCount = space.f_files - space.f_ffree,
        };
    }

    private ImageInfo AskImage()
    {
        try
        {
            using Volume volume = ImageFile.OpenForReading(Image);
            VolumeStatistics statistics = volume.GetStatistics();
            ulong blockBytes = (ulong)statistics.BlockSizeBytes;
            return this with
            {
                UsedBytes = (statistics.TotalBlocks - statistics.FreeBlocks - statistics.PendingBlocks) * blockBytes,
                FreeBytes = (statistics.AvailableBlocks * blockBytes) + GrowthBytes(),
                InodeCount = statistics.InodeCount,
            };
        }
        catch (StorageException exception) when (exception.Kind == StorageErrorKind.Locked)
        {
            return this with { IsInUse = true };
        }
    }
}
