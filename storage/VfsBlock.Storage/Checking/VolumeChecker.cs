namespace VfsBlock.Storage;

/// <summary>
/// Checks a volume that nobody has open, from its superblock to the last reference: every structure, node, item, link, block and counter that FORMAT.md describes. It writes
/// nothing and believes nothing: no image, however it was made, leads it outside the image, into endless work or to an exception.
/// </summary>
/// <remarks>
/// Used by one thread, on a device that nobody writes meanwhile. Memory: a bit for each block of the groups in use, 24 bytes for each directory, 32 for each extent that may be
/// shared, and what the findings take; nothing for each file.
/// </remarks>
public sealed partial class VolumeChecker
{
    private readonly IBlockDevice _device;
    private readonly CheckOptions _options;
    private readonly FindingList _findings;
    private CheckReport _report;

    private VolumeChecker(IBlockDevice device, CheckOptions options)
    {
        _device = device;
        _options = options;
        _findings = new FindingList(Math.Max(1, options.MaxFindings));
        _report = new CheckReport { Findings = _findings.Findings };
    }

    /// <summary>Checks the volume on a device.</summary>
    /// <param name="device">The device; it stays the caller's, and is only read.</param>
    /// <param name="options">How thoroughly.</param>
    /// <returns>What is wrong, and what was seen. What cannot be opened is a finding, too.</returns>
    public static CheckReport Check(IBlockDevice device, CheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        var checker = new VolumeChecker(device, options ?? new CheckOptions());
        CheckReport? replayed = checker.Run();
        return replayed ?? checker._report with { MoreCount = checker._findings.MoreCount };
    }

    /// <summary>Checks everything.</summary>
    /// <returns>The report of the replayed image, if that was asked for and needed; otherwise null, and <see cref="_report"/> tells.</returns>
    private CheckReport? Run()
    {
        foreach (BlockFileFinding finding in BlockFileChecker.Check(_device))
        {
            _findings.Add(finding);
        }

        if (!TryOpen(out ImageOpener? image, out VolumeControl control))
        {
            return null;
        }

        _report = _report with { Generation = image.Root.Generation };
        using var owners = new BlockOwners(image.Layout, image.Root.SizeBlocks);
        if (CheckLog(image, control, owners) && _options.ReplaysLog && Replay() is { } replayed)
        {
            return replayed;
        }

        CheckTrees(image, control, owners);
        return null;
    }

    private bool TryOpen([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ImageOpener? image, out VolumeControl control)
    {
        image = null;
        control = default;
        try
        {
            image = ImageOpener.Read(_device, log: null);
        }
        catch (StorageException exception)
        {
            _findings.Add(VolumeFindingKind.Unusable, $"{exception.Message}");
            return false;
        }

        if (image.Superblock.Content != VolumeControl.Content || image.Layout.BlockSizeBytes != WriteChunk.BlockSizeBytes)
        {
            _findings.Add(VolumeFindingKind.Unusable, $"the image holds something else than a volume, or has blocks of {image.Layout.BlockSizeBytes} bytes");
            return false;
        }

        if (!VolumeControl.TryRead(image.Root.ControlData, out control))
        {
            _findings.Add(VolumeFindingKind.Control, $"the volume's own record in generation {image.Root.Generation} makes no sense");
            return false;
        }

        return true;
    }

    /// <summary>Checks the log.</summary>
    /// <returns>True if it still has to be replayed.</returns>
    private bool CheckLog(ImageOpener image, in VolumeControl control, BlockOwners owners)
    {
        LogRing ring = control.Ring;
        var first = new BlockNumber((ulong)ring.OffsetBytes / WriteChunk.BlockSizeBytes);
        if (owners.Claim(first.Value, ring.PageCount) != ClaimResult.Done)
        {
            _findings.Add(VolumeFindingKind.Control, $"the log of {ring.PageCount} pages at {first} lies outside the image", block: first);
            return false;
        }

        using var recovery = new LogRecovery(_device, ring, NodeImageId(image), control.Position);
        LogScan scan = recovery.Scan(_options.VerifiesData);
        if (scan.Status != LogStatus.End)
        {
            _findings.Add(VolumeFindingKind.Log, $"the log at {first} is not to be believed: {scan.Status}", block: first);
            return false;
        }

        if (scan.DamagedBlockCount > 0)
        {
            _findings.Add(
                VolumeFindingKind.LogData, $"{scan.DamagedBlockCount} blocks of data that the log vouches for are not there, the first is {scan.FirstDamagedBlock}", block: scan.FirstDamagedBlock);
        }

        _report = _report with { ReplayCount = scan.KeptCount, DroppedCount = scan.DroppedCount };
        return scan.KeptCount > 0;
    }

    private static ulong NodeImageId(ImageOpener image)
    {
        Span<byte> id = stackalloc byte[16];
        image.Superblock.Id.TryWriteBytes(id, bigEndian: true, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(id);
    }

    /// <summary>Opens the volume over memory that takes what opening writes, and checks what comes of it.</summary>
    /// <returns>Null if it cannot be opened.</returns>
    private CheckReport? Replay()
    {
        using var overlay = new OverlayDevice(_device);
        try
        {
#pragma warning disable CA2000 // the volume disposes what it is lent
            using Volume volume = Volume.Open(new BorrowedDevice(overlay));
#pragma warning restore CA2000
        }
        catch (StorageException exception)
        {
            _findings.Add(VolumeFindingKind.Log, $"the log cannot be replayed: {exception.Message}");
            return null;
        }

        CheckReport report = Check(overlay, _options with { ReplaysLog = false });
        return report with { IsReplayed = true, ReplayCount = _report.ReplayCount, DroppedCount = _report.DroppedCount };
    }
}
