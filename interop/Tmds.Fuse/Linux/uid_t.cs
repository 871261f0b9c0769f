using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>uid_t</c> on 64-bit Linux: a user id.</summary>
/// <param name="Value">The number.</param>
public readonly record struct uid_t(uint Value)
{
    /// <summary>The number.</summary>
    public static implicit operator uint(uid_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator uid_t(uint arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
