using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>ino_t</c> on 64-bit Linux: an inode number.</summary>
/// <param name="Value">The number.</param>
public readonly record struct ino_t(ulong Value)
{
    /// <summary>The number.</summary>
    public static implicit operator ulong(ino_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator ino_t(ulong arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
