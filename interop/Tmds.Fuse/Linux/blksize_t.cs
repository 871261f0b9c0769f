using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>blksize_t</c> on 64-bit Linux: a block size, in bytes.</summary>
/// <param name="Value">The number.</param>
public readonly record struct blksize_t(long Value)
{
    /// <summary>The number.</summary>
    public static implicit operator long(blksize_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator blksize_t(long arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
