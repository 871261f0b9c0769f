using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>nlink_t</c> on 64-bit Linux: a number of names.</summary>
/// <param name="Value">The number.</param>
public readonly record struct nlink_t(ulong Value)
{
    /// <summary>The number.</summary>
    public static implicit operator ulong(nlink_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator nlink_t(ulong arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
