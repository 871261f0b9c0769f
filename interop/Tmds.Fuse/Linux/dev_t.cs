using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>dev_t</c> on 64-bit Linux: a device number, as <c>makedev</c> builds it.</summary>
/// <param name="Value">The number.</param>
public readonly record struct dev_t(ulong Value)
{
    /// <summary>The number.</summary>
    public static implicit operator ulong(dev_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator dev_t(ulong arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
