using System.Globalization;

namespace Tmds.Linux;

/// <summary>C's <c>fsfilcnt_t</c> on 64-bit Linux: a number of files of a file system.</summary>
/// <param name="Value">The number.</param>
public readonly record struct fsfilcnt_t(ulong Value)
{
    /// <summary>The number.</summary>
    public static implicit operator ulong(fsfilcnt_t arg) => arg.Value;

    /// <summary>From a number.</summary>
    public static implicit operator fsfilcnt_t(ulong arg) => new(arg);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
