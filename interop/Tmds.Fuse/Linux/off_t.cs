using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>off_t</c> on 64-bit Linux: a size or a place in a file, in bytes.</summary>
/// <param name="Value">The number.</param>
public readonly record struct off_t(long Value)
{
    /// <summary>The number.</summary>
    public static implicit operator long(off_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator off_t(long arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
