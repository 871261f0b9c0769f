using System.Globalization;

namespace VfsBlock.Storage;

/// <summary>The number of an inode: it names a file for as long as the file lives, and is never used again for another.</summary>
/// <param name="Value">The number. 0 means none.</param>
public readonly record struct InodeNumber(ulong Value) : IComparable<InodeNumber>
{
    /// <summary>No inode.</summary>
    public static InodeNumber None => default;

    /// <summary>The root directory.</summary>
    public static InodeNumber Root => new(1);

    /// <summary>True if this names no inode.</summary>
    public bool IsNone => Value == 0;

    /// <summary>True if <paramref name="left"/> is the lower number.</summary>
    public static bool operator <(InodeNumber left, InodeNumber right) => left.Value < right.Value;

    /// <summary>True if <paramref name="left"/> is the higher number.</summary>
    public static bool operator >(InodeNumber left, InodeNumber right) => left.Value > right.Value;

    /// <summary>True if <paramref name="left"/> is not the higher number.</summary>
    public static bool operator <=(InodeNumber left, InodeNumber right) => left.Value <= right.Value;

    /// <summary>True if <paramref name="left"/> is not the lower number.</summary>
    public static bool operator >=(InodeNumber left, InodeNumber right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(InodeNumber other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"inode {Value}");
}
