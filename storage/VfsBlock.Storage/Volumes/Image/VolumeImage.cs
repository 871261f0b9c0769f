using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// What an open volume stands on: the block file, the nodes in it, the intent log, the data of files; and how all of it becomes durable.
/// </summary>
/// <remarks>
/// <para>Owns all of these, the device included. Threads: any may call <see cref="Sync"/>, <see cref="Checkpoint"/> and <see cref="MakeRoom"/>.</para>
/// <para>One thread at a time makes things durable: it has the turn (<see cref="_turn"/>), also over I/O; nobody needs it to read or change the volume.
/// Lock order: turn, pause of writes, the volume's lock, the locks of block file and queue.</para>
/// </remarks>
internal sealed partial class VolumeImage : ICommitRound, IDisposable
{
    private const int SealSliceNodes = 64;

    private readonly Lock _turn = new();
    private readonly BlockFile _file;
    private readonly BlockNodeStore _store;
    private readonly LogRing _ring;
    private readonly IntentLog _log;
    private readonly LogBuffer _logBuffer;
    private readonly TransactionLog _transactions;
    private readonly GroupCommit _groupCommit;
    private readonly TreeSeal[] _seals;
    private readonly int _fullBytes;
    private IBlockDevice? _device;
    private OverlayDevice? _overlay;
    private LogBatch? _cutBatch;
    private Errno _cutError;

    private VolumeImage(IBlockDevice device, BlockFile file, BlockNodeStore store, LogRing ring, LogPosition position, in VolumeState state, VolumeOptions options)
    {
        _file = file;
        _store = store;
        _ring = ring;
        int batchPages = Math.Min(Math.Max(options.LogBatchBytes, VolumeOptions.MinLogBatchBytes) / LogFormat.PageBytes, ring.PageCount / 4);
        batchPages = Math.Min(batchPages, LogFormat.MaxBatchPages);

        // What waits in memory must get its place before a cut, and the records of that go into the batch that is cut: half of it is kept for them.
        int chunkCount = Math.Min(
            Math.Max(options.WriteBufferBytes, VolumeOptions.MinWriteBufferBytes) / WriteChunk.LengthBytes,
            batchPages * LogFormat.PageBytes / 2 / FileData.PlacingRecordBytes);
        _log = new IntentLog(device, ring, store.ImageId, position) { Generation = file.Generation - 1 };
        _logBuffer = new LogBuffer(position.Sequence, batchPages);
        _transactions = new TransactionLog(_logBuffer, batchPages * LogFormat.PageBytes / 2, chunkCount * FileData.PlacingRecordBytes);
        _fullBytes = batchPages * LogFormat.PageBytes / 4;
        Core = new VolumeCore(store, _transactions, state, options) { MakeRoom = MakeRoom, MakeSpace = MakeSpace };
        store.UrgentNodeCount = (chunkCount * 4) + 256;
        store.RunExclusively = action => Core.Exclusively(action, static (_, exclusive) => exclusive());
        Data = new FileData(Core, device, new BlockFileSpace(file), chunkCount);
        _seals = [new TreeSeal(store, Core.System), new TreeSeal(store, Core.SharedExtents), new TreeSeal(store, Core.Files)];
        _groupCommit = new GroupCommit(this);
    }

    /// <summary>The trees and their lock.</summary>
    public VolumeCore Core { get; }

    /// <summary>What is in the files.</summary>
    public FileData Data { get; }

    /// <summary>The blocks.</summary>
    public BlockFile File => _file;

    /// <summary>True if nothing would be replayed.</summary>
    public bool IsLogEmpty => _log.UsedPages == 0;

    /// <summary>True once half of the log is used.</summary>
    public bool WantsCheckpoint => _log.WantsCheckpoint;

    /// <summary>True after a failure of the device, or when damage stopped a change half way, for ever: the volume can be read, and nothing is written any more.</summary>
    public bool HasFailed => _log.HasFailed || _file.Failure != Errno.None || Core.IsBroken;

    /// <summary>How often blocks were freed that are nobody's or somebody else's: never, unless the image is damaged.</summary>
    public long ForeignFreeCount => _file.ForeignFreeCount;

    /// <summary>How much of the log's ring is in use, from 0 to 1; for benchmarks.</summary>
    public double LogFill => (double)_log.UsedPages / _ring.PageCount;

    /// <summary>How full the volume is.</summary>
    public VolumeStatistics Statistics()
    {
        var query = new StatisticsQuery(_file, _store);
        Core.Query(ref query);
        return query.Statistics;
    }

    /// <summary>Returns when everything that was done before is durable. Callers at the same time share one flush.</summary>
    /// <returns>ENOSPC if something could not get its place; EIO after a failure of the device, for ever.</returns>
    public Errno Sync() => _groupCommit.Commit();

    // What was replayed becomes a root of its own, which also says where the log goes on.
    private Errno BeginUse()
    {
        if (!_file.IsReadOnly)
        {
            return Checkpoint();
        }

        Core.RefuseChanges();
        return Errno.None;
    }

    /// <summary>Writes nothing more, and lets everything go. What was not synced is lost, as in a crash.</summary>
    public void Dispose()
    {
        Data.Dispose();
        _store.Dispose();
        Core.Dispose();
        _transactions.Dispose();
        _logBuffer.Dispose();
        _file.Dispose();
        _overlay?.Dispose();
        _device?.Dispose();
    }
}
