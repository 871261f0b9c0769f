using System.Security.Cryptography;
using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Making and opening.</content>
internal sealed partial class VolumeImage
{
    /// <summary>Makes an empty volume on a device, whatever it held before. The device stays the caller's.</summary>
    /// <exception cref="StorageException">The format makes no sense, or the device is too small or fails.</exception>
    public static void Format(IBlockDevice device, VolumeFormat format)
    {
        BlockFile.Format(device, new BlockFileFormat
        {
            BlockSizeBytes = WriteChunk.BlockSizeBytes,
            Label = format.Label,
            SizeLimitBytes = format.SizeLimitBytes,
            Content = VolumeControl.Content,
            Clock = format.Clock,
            Id = format.Id,
        });
        using BlockFile file = BlockFile.Open(new BorrowedDevice(device), new BlockFileOptions { Clock = format.Clock, OwnerId = format.Id });
        int pageCount = Math.Max(VolumeFormat.MinLogBytes, format.LogBytes) / LogFormat.PageBytes;
        Errno error = file.TryAllocateRun(AllocationStream.SmallData, pageCount, pageCount, AllocationRight.Ordinary, out BlockRun log);
        if (error == Errno.None)
        {
            var ring = new LogRing(log.First.OffsetBytes(WriteChunk.BlockSizeBytes), pageCount);
            error = IntentLog.Erase(device, ring);
            error = error == Errno.None ? WriteRoot(file, ring, format) : error;
        }

        if (error != Errno.None)
        {
            throw new StorageException(StorageErrorKind.Io, error, $"cannot make a volume on {device.Name}");
        }
    }

    /// <summary>Opens the volume on a device, which belongs to the image from then on, whether opening succeeds or not.</summary>
    /// <exception cref="StorageException">NotRecognised, Truncated, TooNew, Corrupt: what the device holds; ReadOnly; Io: the device failed.</exception>
    public static VolumeImage Open(IBlockDevice device, VolumeOptions options)
    {
        OverlayDevice? overlay = null;
        try
        {
            VolumeImage? image = TryOpen(device, options);
            if (image is null)
            {
                overlay = Replay(device, options);
                image = TryOpen(overlay, options)!;
            }

            image._overlay = overlay;
            image._device = device;
            return image;
        }
        catch
        {
            overlay?.Dispose();
            device.Dispose();
            throw;
        }
    }

    /// <summary>Replays the log of an image that may not be written, into memory.</summary>
    /// <returns>What the device would hold then: an image that was closed, or would be if others could not open it for writing too.</returns>
    private static OverlayDevice Replay(IBlockDevice device, VolumeOptions options)
    {
        var overlay = new OverlayDevice(device, options.ReadOnlyReplayBytes);
        try
        {
            // Opening for writing replays, and commits what was replayed.
            TryOpen(overlay, options with { File = options.File with { IsReadOnly = false } })!.Dispose();
            return overlay;
        }
        catch (StorageException exception) when (overlay.IsFull)
        {
            overlay.Dispose();
            throw new StorageException(
                StorageErrorKind.ReadOnly,
                Errno.ENOMEM,
                $"{device.Name} was not closed, and replaying its log in memory takes more than {options.ReadOnlyReplayBytes} bytes ({exception.Message})",
                $"Open it for writing once, or give it more ({nameof(VolumeOptions)}.{nameof(VolumeOptions.ReadOnlyReplayBytes)}).");
        }
        catch
        {
            overlay.Dispose();
            throw;
        }
    }

    /// <summary>Opens what a device holds; the device stays the caller's.</summary>
    /// <returns>Null if it can only be read, and the log must be replayed first.</returns>
    private static VolumeImage? TryOpen(IBlockDevice device, VolumeOptions options)
    {
        BlockFile? file = null;
        BlockNodeStore? store = null;
        try
        {
            long memoryBytes = Math.Max(options.File.FrameMemoryBytes, VolumeOptions.MinFrameMemoryBytes);
            file = BlockFile.Open(new BorrowedDevice(device), options.File with { FrameMemoryBytes = memoryBytes, Clock = options.Clock });
            VolumeControl control = ReadControl(file);
            store = new BlockNodeStore(file) { Excluded = RunOf(control.Ring) };
            if (!TryRecover(device, file, store, control, options, out VolumeState state, out LogPosition position))
            {
                store.Dispose();
                file.Dispose();
                return null;
            }

            var image = new VolumeImage(device, file, store, control.Ring, position, state, options);
            Errno error = image.BeginUse();
            if (error != Errno.None)
            {
                image.Dispose();
                throw new StorageException(StorageErrorKind.Io, error, $"cannot open the volume on {file.Path}");
            }

            return image;
        }
        catch (TreeDamagedException exception)
        {
            store?.Dispose();
            file?.Dispose();
            throw new StorageException(StorageErrorKind.Corrupt, $"the log of {device.Name} cannot be replayed: nodes lie in one another's blocks", "Run a check.", exception);
        }
        catch
        {
            store?.Dispose();
            file?.Dispose();
            throw;
        }
    }

    private static Errno WriteRoot(BlockFile file, LogRing ring, VolumeFormat format)
    {
        using var store = new BlockNodeStore(file);
        var state = VolumeState.Empty(format.HashKey ?? MemoryMarshal.Read<HashKey>(RandomNumberGenerator.GetBytes(16)));
        using var core = new VolumeCore(store, new NoLog(), state, new VolumeOptions { Clock = format.Clock });
        using var volume = new Volume(core);
        Errno error = volume.Initialize(format.RootPermissions, format.Owner);
        if (error != Errno.None)
        {
            return error;
        }

        var seal = new TreeSeal(store, core.Files);
        ulong closing = file.Generation;
        error = file.BeginCommit();
        if (error != Errno.None)
        {
            return error;
        }

        seal.Begin(closing);
        while (!seal.Step(SealSliceNodes))
        {
        }

        Span<byte> control = stackalloc byte[VolumeControl.EncodedBytes];
        new VolumeControl(core.State with { FileTree = seal.Root }, ring, LogPosition.First(store.ImageId)).Write(control);
        error = file.SetCommitControlData(control);
        error = error == Errno.None ? file.WriteOut() : error;
        if (error == Errno.None)
        {
            file.Publish();
        }

        return error;
    }

    private static VolumeControl ReadControl(BlockFile file)
    {
        if (file.Content != VolumeControl.Content)
        {
            throw new StorageException(StorageErrorKind.NotRecognised, $"{file.Path} holds blocks, but no volume", "Format it, or name another image.");
        }

        return VolumeControl.TryRead(file.ControlData(), out VolumeControl control)
            && file.BlockSizeBytes == WriteChunk.BlockSizeBytes
            && control.State.IsOlderThan(file.Generation)
            && file.CheckInUse(RunOf(control.Ring)) == Errno.None
            ? control
            : throw new StorageException(StorageErrorKind.Corrupt, $"the volume's own record in {file.Path} makes no sense", "Run a check.");
    }

    private static BlockRun RunOf(LogRing ring) => new(new BlockNumber((ulong)ring.OffsetBytes / LogFormat.PageBytes), ring.PageCount);

    /// <summary>Replays the log.</summary>
    /// <returns>False if that would have to write to an image that may only be read.</returns>
    private static bool TryRecover(
        IBlockDevice device, BlockFile file, BlockNodeStore store, in VolumeControl control, VolumeOptions options, out VolumeState state, out LogPosition position)
    {
        using var recovery = new LogRecovery(device, control.Ring, store.ImageId, control.Position);
        LogScan scan = recovery.Scan();
        if (scan.Status != LogStatus.End)
        {
            throw new StorageException(StorageErrorKind.Corrupt, $"the log of {file.Path} cannot be read: {scan.Status}", "Run a check.");
        }

        state = control.State;
        position = scan.End;
        if (scan.KeptCount == 0 || file.IsReadOnly)
        {
            return scan.KeptCount == 0;
        }

        using var replay = new LogReplay(file, store, control.State, options);
        ForEach(recovery, file, replay.Claim);
        recovery.Rewind();
        ForEach(recovery, file, replay.Apply);
        Errno error = replay.Finish();
        if (error != Errno.None)
        {
            throw CannotReplay(error, $"the log of {file.Path}");
        }

        state = replay.State;
        return true;
    }

    private static void ForEach(LogRecovery recovery, BlockFile file, BatchAction action)
    {
        LogStatus status;
        while ((status = recovery.TryRead(out LogBatchView batch)) == LogStatus.Ok)
        {
            Errno error = action(batch.Records);
            if (error != Errno.None)
            {
                throw CannotReplay(error, $"batch {batch.Sequence} of the log of {file.Path}");
            }
        }

        if (status != LogStatus.End)
        {
            throw new StorageException(StorageErrorKind.Io, $"the log of {file.Path} changed while it was replayed: {status}");
        }
    }

    private static StorageException CannotReplay(Errno error, string what) =>
        new(error == Errno.EINVAL ? StorageErrorKind.Corrupt : StorageErrorKind.Io, error, $"{what} cannot be replayed");

    private delegate Errno BatchAction(LogRecordReader records);
}
