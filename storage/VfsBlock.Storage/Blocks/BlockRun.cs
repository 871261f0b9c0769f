using System.Globalization;

namespace VfsBlock.Storage;

/// <summary>Blocks that follow each other.</summary>
/// <param name="First">The first of them.</param>
/// <param name="BlockCount">How many, 1 or more; 0 only in the empty run.</param>
public readonly record struct BlockRun(BlockNumber First, int BlockCount)
{
    /// <summary>The first block behind the run.</summary>
    public BlockNumber End => new(First.Value + (ulong)BlockCount);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"blocks {First.Value} to {End.Value - 1}");
}
