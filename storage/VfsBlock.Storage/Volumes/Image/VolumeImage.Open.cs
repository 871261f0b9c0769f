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
        BlockFile? file = null;
        BlockNodeStore? store = null;
        try
        {
            long memoryBytes = Math.Max(options.File.FrameMemoryBytes, VolumeOptions.MinFrameMemoryBytes);
            file = BlockFile.Open(new BorrowedDevice(device), options.File with { FrameMemoryBytes = memoryBytes, Clock = options.Clock });
            VolumeControl control = ReadControl(file);
            store = new BlockNodeStore(file);
            VolumeState state = Recover(device, file, store, control, options, out LogPosition position);
            var image = new VolumeImage(device, file, store, control.Ring, position, state, options);
            Errno error = image.BeginUse();
            if (error != Errno.None)
            {
                image.Dispose();
                throw new StorageException(StorageErrorKind.Io, error, $"cannot open the volume on {file.Path}");
            }

            image._device = device;
            return image;
        }
        catch
        {
            store?.Dispose();
            file?.Dispose();
            device.Dispose();
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
            && control.Ring.OffsetBytes <= file.SizeBytes - ((long)control.Ring.PageCount * LogFormat.PageBytes)
            ? control
            : throw new StorageException(StorageErrorKind.Corrupt, $"the volume's own record in {file.Path} makes no sense", "Run a check.");
    }

    private static VolumeState Recover(
        IBlockDevice device, BlockFile file, BlockNodeStore store, in VolumeControl control, VolumeOptions options, out LogPosition position)
    {
        using var recovery = new LogRecovery(device, control.Ring, store.ImageId, control.Position);
        LogScan scan = recovery.Scan();
        if (scan.Status != LogStatus.End)
        {
            throw new StorageException(StorageErrorKind.Corrupt, $"the log of {file.Path} cannot be read: {scan.Status}", "Run a check.");
        }

        position = scan.End;
        if (scan.KeptCount > 0 && file.IsReadOnly)
        {
            throw new StorageException(StorageErrorKind.ReadOnly, $"{file.Path} was not closed, and its log must be replayed before it can be read", "Open it for writing once.");
        }

        if (scan.KeptCount == 0)
        {
            return control.State;
        }

        using var replay = new LogReplay(file, store, control.State, options);
        ForEach(recovery, file, replay.Claim);
        recovery.Rewind();
        ForEach(recovery, file, replay.Apply);
        Errno error = replay.Finish();
        return error == Errno.None ? replay.State : throw CannotReplay(error, $"the log of {file.Path}");
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
