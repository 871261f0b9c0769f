namespace VfsBlock.Storage;

/// <summary>What recovery found in the log.</summary>
/// <param name="Status"><see cref="LogStatus.End"/> if it may be replayed; otherwise the image must not be opened, and nothing else here counts.</param>
/// <param name="KeptCount">Batches to replay.</param>
/// <param name="DroppedCount">Valid batches behind them that are dropped, because data of the first of them did not arrive.</param>
/// <param name="FlushedThrough">Through which sequence the log says that everything was durable.</param>
/// <param name="End">Where the log goes on. The root of the checkpoint after recovery has to say so, before anything is written there.</param>
/// <param name="DamagedBlockCount">Blocks that were durable once and do not match any more. Their batches are kept: files will answer EIO.</param>
/// <param name="FirstDamagedBlock">The first of these.</param>
public readonly record struct LogScan(
    LogStatus Status,
    int KeptCount,
    int DroppedCount,
    ulong FlushedThrough,
    LogPosition End,
    long DamagedBlockCount,
    BlockNumber FirstDamagedBlock);
