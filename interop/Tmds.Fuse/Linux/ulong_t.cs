using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>unsigned long</c> on 64-bit Linux.</summary>
/// <param name="Value">The number.</param>
public readonly record struct ulong_t(ulong Value)
{
    /// <summary>The number.</summary>
    public static implicit operator ulong(ulong_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator ulong_t(ulong arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
