using System.Globalization;

namespace VfsBlock.Storage;

/// <summary>The number of a block in an image: block <c>n</c> is the bytes from <c>n</c> times the block size (FORMAT.md section 1).</summary>
/// <param name="Value">The number. Block 0 never belongs to anybody, so 0 means none.</param>
public readonly record struct BlockNumber(ulong Value) : IComparable<BlockNumber>
{
    /// <summary>No block.</summary>
    public static BlockNumber None => default;

    /// <summary>True if this names no block.</summary>
    public bool IsNone => Value == 0;

    /// <summary>True if <paramref name="left"/> lies before <paramref name="right"/>.</summary>
    public static bool operator <(BlockNumber left, BlockNumber right) => left.Value < right.Value;

    /// <summary>True if <paramref name="left"/> lies behind <paramref name="right"/>.</summary>
    public static bool operator >(BlockNumber left, BlockNumber right) => left.Value > right.Value;

    /// <summary>True if <paramref name="left"/> does not lie behind <paramref name="right"/>.</summary>
    public static bool operator <=(BlockNumber left, BlockNumber right) => left.Value <= right.Value;

    /// <summary>True if <paramref name="left"/> does not lie before <paramref name="right"/>.</summary>
    public static bool operator >=(BlockNumber left, BlockNumber right) => left.Value >= right.Value;

    /// <summary>The block <paramref name="blockCount"/> behind this one.</summary>
    public BlockNumber Plus(ulong blockCount) => new(checked(Value + blockCount));

    /// <summary>Where the block begins in the image, in bytes.</summary>
    /// <exception cref="OverflowException">No image can be that large.</exception>
    public long OffsetBytes(int blockSizeBytes) => checked((long)Value * blockSizeBytes);

    /// <inheritdoc/>
    public int CompareTo(BlockNumber other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"block {Value}");
}
