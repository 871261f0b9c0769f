using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// The data of a volume's files: gathers writes in memory, gives them a place, writes them in the background, reads them back and checks what it reads.
/// </summary>
/// <remarks>
/// <para>Owns the write buffer. Threads: any. Lock order: the volume's lock, then those of the space and of the queue; no lock is held while a read waits for the device.
/// One thread at a time submits and reaps (<see cref="_ioTurn"/>); it holds that turn while the queue is full, which is how a fast writer is slowed down to the device.</para>
/// <para>Data is copied on write: blocks get their place when their chunk is full, when memory runs short, or when everything is to be made durable. Until then nothing but
/// the reservation, made by the write itself, is taken from the image; so ENOSPC goes to the caller that caused it.</para>
/// </remarks>
internal sealed partial class FileData : IFileData, IDisposable
{
    /// <summary>The most bytes of one write that happen as one change.</summary>
    public const int MaxWriteBytes = 1 << 20;

    /// <summary>Bytes of a log record for a run that is allocated.</summary>
    public const int AllocateRecordBytes = 16;

    /// <summary>Bytes of a log record for a run that is freed.</summary>
    public const int FreeRecordBytes = 16;

    /// <summary>The most bytes of log records that giving a chunk its place takes.</summary>
    public const int PlacingRecordBytes = 8192;

    private const int BlockSizeBytes = WriteChunk.BlockSizeBytes;

    // A leaf and the nodes above it are copied and may be split, a few for each chunk.
    private const int PlacingNodeBlocks = 4 * NodeFormat.SizeBytes / BlockSizeBytes;

    private readonly VolumeCore _core;
    private readonly IBlockDevice _device;
    private readonly IDataSpace _space;

    // Who submits to the queue and reaps from it.
    private readonly Lock _ioTurn = new();

    /// <summary>The data of the files of a core, which it registers with.</summary>
    public FileData(VolumeCore core, IBlockDevice device, IDataSpace space, int chunkCount)
    {
        _core = core;
        _device = device;
        _space = space;
        Buffer = new WriteBuffer(device, chunkCount, dirtyCount => space.KeepForPlacing(dirtyCount * PlacingNodeBlocks));
        core.Data = this;
    }

    /// <summary>What was written and is not on the device yet.</summary>
    public WriteBuffer Buffer { get; }

    /// <summary>How many extents one change takes.</summary>
    public int MaxExtentsPerChange => _core.MaxExtentsPerChange;

    /// <summary>Bytes of a log record for the checksums of a run.</summary>
    public static int DataRecordBytes(int blockCount) => 16 + (blockCount * sizeof(uint));

    /// <summary>Whether the blocks that were set aside for a range can be written to. The image is damaged if not.</summary>
    public bool CanOverwrite(in FileRange range) => _space.CanOverwrite(new BlockRun(range.Place, (int)range.BlockCount));

    /// <summary>CRC32C of each block.</summary>
    public static void ChecksumBlocks(ReadOnlySpan<byte> blocks, Span<uint> checksums)
    {
        for (int index = 0; index * BlockSizeBytes < blocks.Length; index++)
        {
            checksums[index] = Crc32C.Compute(blocks.Slice(index * BlockSizeBytes, BlockSizeBytes));
        }
    }

    /// <summary>A run belongs to a file now. In a change that is being applied.</summary>
    public void Allocated(ref VolumeTransaction transaction, BlockRun run)
    {
        _space.Use(run);
        VolumeCore core = transaction.View.Core;
        core.DataBlockCount += (ulong)run.BlockCount;
        core.Log.Allocate(run);
    }

    /// <summary>Announces that an extent gives blocks up.</summary>
    public static bool PrepareFree(ref VolumeTransaction transaction, BlockRun run, ExtentFlags flags)
    {
        if ((flags & ExtentFlags.MayBeShared) != 0)
        {
            return SharedRuns.Prepare(ref transaction, run, adds: false);
        }

        transaction.WillLog(FreeRecordBytes);
        return true;
    }

    /// <summary>An extent gives blocks up: if no other has them too, they are free. In a change that is being applied.</summary>
    public void Free(ref VolumeTransaction transaction, BlockRun run, ExtentFlags flags)
    {
        if ((flags & ExtentFlags.MayBeShared) != 0)
        {
            SharedRuns.Drop(ref transaction, run, this);
        }
        else
        {
            FreeRun(ref transaction, run);
        }
    }

    /// <summary>A run no longer belongs to any file. In a change that is being applied.</summary>
    public void FreeRun(ref VolumeTransaction transaction, BlockRun run)
    {
        VolumeCore core = transaction.View.Core;
        core.DataBlockCount -= Math.Min((ulong)run.BlockCount, core.DataBlockCount);
        core.Log.Free(run);

        // A log record names it: until the next commit a replay may want what is in it.
        _space.Free(run, mayReuseAtOnce: false);
    }

    // On a full volume there may be nodes for a smaller change only; that one frees space too.
    private Errno Free<TChange>(ref TChange change)
        where TChange : struct, IFreeingChange, allows ref struct
    {
        Errno error = _core.Change(ref change, ChangeRight.Deleting);
        while (error == Errno.ENOSPC && change.MaxExtents > 1)
        {
            change.MaxExtents /= 2;
            error = _core.Change(ref change, ChangeRight.Deleting);
        }

        return error;
    }

    /// <inheritdoc/>
    public bool PrepareRelease(ref VolumeTransaction transaction, InodeNumber inode, scoped in ExtentItem extent) =>
        PrepareFree(ref transaction, new BlockRun(extent.Block, extent.BlockCount), extent.Flags);

    /// <inheritdoc/>
    public void Release(ref VolumeTransaction transaction, InodeNumber inode, scoped in ExtentItem extent) =>
        Free(ref transaction, new BlockRun(extent.Block, extent.BlockCount), extent.Flags);

    /// <inheritdoc/>
    public void Forget(InodeNumber inode) => DropBlocks(inode, 0);

    /// <inheritdoc/>
    public void Dispose() => Buffer.Dispose();
}
