using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>blkcnt_t</c> on 64-bit Linux: a number of blocks of 512 bytes.</summary>
/// <param name="Value">The number.</param>
public readonly record struct blkcnt_t(long Value)
{
    /// <summary>The number.</summary>
    public static implicit operator long(blkcnt_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator blkcnt_t(long arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
