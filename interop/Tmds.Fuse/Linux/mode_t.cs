using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>mode_t</c>: type and permissions of a file. Permissions come from a literal: <c>S_IFREG | 0b110_100_100</c>.</summary>
/// <param name="Value">The bits.</param>
public readonly record struct mode_t(uint Value)
{
    /// <summary>From bits; every bit that has a meaning is in the low 16.</summary>
    public static implicit operator mode_t(ushort value) => new(value);

    /// <summary>From bits.</summary>
    public static explicit operator mode_t(uint value) => new(value);

    /// <summary>The low 16 bits: all that have a meaning.</summary>
    public static explicit operator ushort(mode_t mode) => (ushort)mode.Value;

    /// <summary>The bits.</summary>
    public static explicit operator uint(mode_t mode) => mode.Value;

    /// <summary>The bits that are not set.</summary>
    public static mode_t operator ~(mode_t mode) => new(~mode.Value);

    /// <summary>The bits that both have.</summary>
    public static mode_t operator &(mode_t left, mode_t right) => new(left.Value & right.Value);

    /// <summary>The bits that either has.</summary>
    public static mode_t operator |(mode_t left, mode_t right) => new(left.Value | right.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
