using System.Globalization;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Tool;

/// <summary>Sizes as people write them: a number with an optional suffix k, m, g or t, for 1024 and its powers.</summary>
internal static class ByteCount
{
    /// <summary>Reads one.</summary>
    /// <param name="text">The number.</param>
    /// <param name="bytes">Bytes, above 0.</param>
    /// <returns>False if it is none, or too large to count.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        int shift = text.Length == 0 ? 0 : char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        string digits = shift == 0 ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number <= 0 || number > long.MaxValue >> shift)
        {
            return false;
        }

        bytes = number << shift;
        return true;
    }

    /// <summary>Reads the value of a mount option.</summary>
    /// <param name="option">The whole option, for the message.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="FuseMountException">It is no size (EINVAL).</exception>
    public static long Parse(string option, string value) => TryParse(value, out long bytes)
        ? bytes
        : throw new FuseMountException($"'{option}' is no number above 0 with an optional k, m, g or t behind it", Errno.EINVAL);

    /// <summary>A size for people: three digits or so, in powers of 1024.</summary>
    public static string Show(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || size >= 100 ? Math.Round(size) : Math.Round(size, 1))} {units[unit]}");
    }
}
