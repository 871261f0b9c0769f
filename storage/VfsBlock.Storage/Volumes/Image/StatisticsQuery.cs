namespace VfsBlock.Storage;

/// <summary>Counts what is free and what is used, all at one moment as far as changes go.</summary>
internal struct StatisticsQuery(BlockFile file, BlockNodeStore store) : IVolumeQuery
{
    private const ulong NodeBlocks = NodeFormat.SizeBytes / WriteChunk.BlockSizeBytes;

    private readonly BlockFile _file = file;
    private readonly BlockNodeStore _store = store;

    /// <summary>What was counted.</summary>
    public VolumeStatistics Statistics { get; private set; }

    /// <inheritdoc/>
    public bool Run(ref VolumeView view)
    {
        // Nodes that are set aside and not used are free to everybody but the allocator.
        ulong held = (ulong)_store.HeldCount * NodeBlocks;
        Statistics = new VolumeStatistics(
            WriteChunk.BlockSizeBytes,
            (ulong)_file.MaxBlockCount,
            (ulong)_file.AvailableBlockCount(AllocationRight.Deleting) + held,
            (ulong)_file.AvailableBlockCount(AllocationRight.Ordinary) + held,
            (ulong)_file.PendingFreeBlockCount,
            view.Core.DataBlockCount,
            view.Core.InodeCount);
        return true;
    }
}
