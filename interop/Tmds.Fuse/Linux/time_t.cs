using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>time_t</c> on 64-bit Linux: seconds since 1970.</summary>
/// <param name="Value">The number.</param>
public readonly record struct time_t(long Value)
{
    /// <summary>The number.</summary>
    public static implicit operator long(time_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator time_t(long arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
