namespace VfsBlock.Storage;

/// <summary>Blocks of one chunk that lie next to each other on the device.</summary>
/// <param name="Place">Where the first of them goes.</param>
/// <param name="Slot">The chunk.</param>
/// <param name="First">Which of its blocks is the first.</param>
/// <param name="BlockCount">How many there are.</param>
internal readonly record struct ChunkRun(ulong Place, int Slot, int First, int BlockCount)
{
    /// <summary>The block behind them on the device.</summary>
    public ulong End => Place + (ulong)BlockCount;
}
