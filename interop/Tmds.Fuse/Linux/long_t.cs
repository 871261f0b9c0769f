using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>long</c> on 64-bit Linux.</summary>
/// <param name="Value">The number.</param>
public readonly record struct long_t(long Value)
{
    /// <summary>The number.</summary>
    public static implicit operator long(long_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator long_t(long arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
