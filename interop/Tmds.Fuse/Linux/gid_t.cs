using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>gid_t</c> on 64-bit Linux: a group id.</summary>
/// <param name="Value">The number.</param>
public readonly record struct gid_t(uint Value)
{
    /// <summary>The number.</summary>
    public static implicit operator uint(gid_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator gid_t(uint arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
