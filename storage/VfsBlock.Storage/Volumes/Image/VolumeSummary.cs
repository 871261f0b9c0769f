namespace VfsBlock.Storage;

/// <summary>What an image says of itself before anything in it is looked at: its superblock and its newest root.</summary>
/// <remarks>Reading it takes nobody's lock and writes nothing: it also serves for an image that is mounted, as of its last commit.</remarks>
public sealed record VolumeSummary
{
    /// <summary>The image's uuid.</summary>
    public required Guid Id { get; init; }

    /// <summary>The volume's name, for people.</summary>
    public required string Label { get; init; }

    /// <summary>The version of the format.</summary>
    public required uint FormatVersion { get; init; }

    /// <summary>Features that a program may not know and still write the image.</summary>
    public required ulong CompatFeatures { get; init; }

    /// <summary>Features that a program may not know and still read the image.</summary>
    public required ulong ReadOnlyCompatFeatures { get; init; }

    /// <summary>Features that a program must know.</summary>
    public required ulong IncompatFeatures { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was committed last.</summary>
    public required DateTimeOffset Committed { get; init; }

    /// <summary>Size of a block in bytes.</summary>
    public required int BlockSizeBytes { get; init; }

    /// <summary>The image never grows larger, in bytes; 0 for no limit but the host's.</summary>
    public required ulong SizeLimitBytes { get; init; }

    /// <summary>The image's size now, in bytes: what it could hold without growing.</summary>
    public required ulong SizeBytes { get; init; }

    /// <summary>Bytes of that which nothing uses.</summary>
    public required ulong FreeBytes { get; init; }

    /// <summary>Inodes in use.</summary>
    public required ulong InodeCount { get; init; }

    /// <summary>The generation of the root: how many commits there were.</summary>
    public required ulong Generation { get; init; }

    /// <summary>True if its last user closed it. False while somebody writes it, and after a crash.</summary>
    public required bool WasClosed { get; init; }

    /// <summary>True if damage was found and recorded in it.</summary>
    public required bool IsDamaged { get; init; }

    /// <summary>Size of the intent log in bytes.</summary>
    public required long LogBytes { get; init; }

    /// <summary>Bytes of the log that the next opening replays. While somebody writes the image it is a guess.</summary>
    public required long LogUsedBytes { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="device">The device; it stays the caller's, and is only read.</param>
    /// <exception cref="StorageException">NotRecognised, Truncated, TooNew, Corrupt, Io.</exception>
    public static VolumeSummary Read(IBlockDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        ImageOpener image = ImageOpener.Read(device, log: null);
        Superblock superblock = image.Superblock;
        if (superblock.Content != VolumeControl.Content)
        {
            throw new StorageException(StorageErrorKind.NotRecognised, $"{device.Name} holds blocks, but no volume", "Name another image.");
        }

        if (!VolumeControl.TryRead(image.Root.ControlData, out VolumeControl control)
            || control.Ring.OffsetBytes > device.SizeBytes - ((long)control.Ring.PageCount * LogFormat.PageBytes))
        {
            throw new StorageException(StorageErrorKind.Corrupt, $"the volume's own record in {device.Name} makes no sense", "Run a check.");
        }

        ulong blockBytes = (ulong)superblock.BlockSizeBytes;
        return new VolumeSummary
        {
            Id = superblock.Id,
            Label = superblock.Label,
            FormatVersion = Superblock.FormatVersion,
            CompatFeatures = superblock.CompatFeatures,
            ReadOnlyCompatFeatures = superblock.ReadOnlyCompatFeatures,
            IncompatFeatures = superblock.IncompatFeatures,
            Created = superblock.Created,
            Committed = image.Root.Time,
            BlockSizeBytes = superblock.BlockSizeBytes,
            SizeLimitBytes = superblock.SizeLimitBlocks * blockBytes,
            SizeBytes = image.Root.SizeBlocks * blockBytes,
            FreeBytes = image.Root.FreeBlocks * blockBytes,
            InodeCount = control.State.InodeCount,
            Generation = image.Root.Generation,
            WasClosed = image.Root.State == RootState.Clean,
            IsDamaged = image.Root.State == RootState.Damaged,
            LogBytes = (long)control.Ring.PageCount * LogFormat.PageBytes,
            LogUsedBytes = UsedLogBytes(device, superblock, control),
        };
    }

    private static long UsedLogBytes(IBlockDevice device, Superblock superblock, in VolumeControl control)
    {
        LogRing ring = control.Ring;
        ulong imageId = BitConverter.ToUInt64(superblock.Id.ToByteArray(bigEndian: true));
        using var recovery = new LogRecovery(device, ring, imageId, control.Position);
        LogScan scan = recovery.Scan();
        long pageCount = (long)scan.End.Page - control.Position.Page;
        pageCount += pageCount < 0 ? ring.PageCount : 0;
        return scan.KeptCount == 0 ? 0 : pageCount * LogFormat.PageBytes;
    }
}
