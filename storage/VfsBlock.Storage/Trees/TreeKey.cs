using System.Globalization;

namespace VfsBlock.Storage;

/// <summary>The key of an item in a tree: two numbers, compared in order (FORMAT.md section 2).</summary>
/// <param name="High">The inode number, in a file tree.</param>
/// <param name="Low">Type and sub key, in a file tree.</param>
public readonly record struct TreeKey(ulong High, ulong Low) : IComparable<TreeKey>
{
    /// <summary>The smallest key.</summary>
    public static TreeKey Min => default;

    /// <summary>The largest key.</summary>
    public static TreeKey Max => new(ulong.MaxValue, ulong.MaxValue);

    /// <summary>True if <paramref name="left"/> comes first.</summary>
    public static bool operator <(TreeKey left, TreeKey right) => left.High < right.High || (left.High == right.High && left.Low < right.Low);

    /// <summary>True if <paramref name="right"/> comes first.</summary>
    public static bool operator >(TreeKey left, TreeKey right) => right < left;

    /// <summary>True unless <paramref name="right"/> comes first.</summary>
    public static bool operator <=(TreeKey left, TreeKey right) => !(right < left);

    /// <summary>True unless <paramref name="left"/> comes first.</summary>
    public static bool operator >=(TreeKey left, TreeKey right) => !(left < right);

    /// <inheritdoc/>
    public int CompareTo(TreeKey other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x}:{Low:x16}");
}
