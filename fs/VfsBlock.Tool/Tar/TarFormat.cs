using System.Globalization;
using System.Text;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>
/// The header of tar streams (POSIX.1-2001 pax, with what GNU tar does besides) and the records of extended headers. Our own code, since
/// System.Formats.Tar makes text of names and extended attributes, and what is no UTF-8 in them would be lost. Stateless.
/// </summary>
internal static class TarFormat
{
    public const int BlockBytes = 512;
    public const int NameBytes = 100;
    public const int ModeOffset = 100;
    public const int UserOffset = 108;
    public const int GroupOffset = 116;
    public const int SizeOffset = 124;
    public const int TimeOffset = 136;
    public const int ChecksumOffset = 148;
    public const int TypeOffset = 156;
    public const int LinkOffset = 157;
    public const int MagicOffset = 257;
    public const int MajorOffset = 329;
    public const int MinorOffset = 337;
    public const int PrefixOffset = 345;
    public const int PrefixBytes = 155;

    /// <summary>Most bytes of an extended header or a long name: more is no archive but an attack.</summary>
    public const int MaxHeaderBytes = 16 << 20;

    /// <summary>How keys of extended attributes begin.</summary>
    public const string XattrPrefix = "SCHILY.xattr.";

    private const int ChecksumBytes = 8;

    /// <summary>Bytes up to the next block.</summary>
    public static long Padding(long sizeBytes) => -sizeBytes & (BlockBytes - 1);

    /// <summary>Whether a header's checksum is right: of unsigned bytes, or of signed ones, as some old programs reckoned.</summary>
    public static bool IsChecksumRight(ReadOnlySpan<byte> header)
    {
        (long unsigned, long signed) = (0, 0);
        for (int index = 0; index < BlockBytes; index++)
        {
            byte value = index is >= ChecksumOffset and < ChecksumOffset + ChecksumBytes ? (byte)' ' : header[index];
            unsigned += value;
            signed += (sbyte)value;
        }

        long stated = ReadNumber(header.Slice(ChecksumOffset, ChecksumBytes));
        return stated == unsigned || stated == signed;
    }

    /// <summary>Fills in the checksum.</summary>
    public static void Seal(Span<byte> header)
    {
        header.Slice(ChecksumOffset, ChecksumBytes).Fill((byte)' ');
        long sum = 0;
        foreach (byte value in header)
        {
            sum += value;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0'), header[ChecksumOffset..]);
        header[ChecksumOffset + 6] = 0;
    }

    /// <summary>Reads a number: octal text or, if its first bit is set, binary.</summary>
    public static long ReadNumber(ReadOnlySpan<byte> field)
    {
        long number = 0;
        if ((field[0] & 0x80) != 0)
        {
            number = (field[0] & 0x40) != 0 ? -1 : 0;
            for (int index = 0; index < field.Length; index++)
            {
                int value = index > 0 ? field[index] : (field[0] & 0x40) != 0 ? field[0] : field[0] & 0x3F;
                number = (number << 8) | (byte)value;
            }

            return number;
        }

        foreach (byte letter in field.TrimStart((byte)' '))
        {
            if (letter is < (byte)'0' or > (byte)'7')
            {
                break;
            }

            number = (number << 3) | (long)(letter - (byte)'0');
        }

        return number;
    }

    /// <summary>Writes a number as octal text with a closing zero.</summary>
    /// <returns>False if it does not fit; then 0 is written.</returns>
    public static bool TryWriteNumber(Span<byte> field, long number)
    {
        string text = number < 0 ? "" : Convert.ToString(number, 8);
        bool fits = number >= 0 && text.Length < field.Length;
        Encoding.ASCII.GetBytes((fits ? text : "0").PadLeft(field.Length - 1, '0'), field);
        return fits;
    }

    /// <summary>A text field: up to its first zero.</summary>
    public static ReadOnlySpan<byte> ReadText(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    /// <summary>Reads a time as extended headers have it: decimal, with or without a fraction, also before 1970.</summary>
    public static bool TryReadTime(ReadOnlySpan<byte> text, out Timestamp time)
    {
        time = default;
        bool isNegative = text.StartsWith("-"u8);
        text = isNegative ? text[1..] : text;
        int point = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<byte> fraction = point < 0 ? default : text[(point + 1)..];
        if (!long.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return false;
        }

        string digits = Encoding.ASCII.GetString(fraction[..Math.Min(fraction.Length, 9)]).PadRight(9, '0');
        if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint nanoseconds))
        {
            return false;
        }

        time = !isNegative ? new Timestamp(seconds, nanoseconds)
            : nanoseconds == 0 ? new Timestamp(-seconds, 0)
            : new Timestamp(-seconds - 1, Timestamp.NanosecondsPerSecond - nanoseconds);
        return true;
    }

    /// <summary>A time as extended headers have it.</summary>
    public static byte[] TimeText(Timestamp time)
    {
        // Before 1970 the fraction counts backward, too.
        (string sign, long seconds, uint nanoseconds) = time.Seconds >= 0 ? ("", time.Seconds, time.Nanoseconds)
            : time.Nanoseconds == 0 ? ("-", -time.Seconds, 0)
            : ("-", -(time.Seconds + 1), Timestamp.NanosecondsPerSecond - time.Nanoseconds);
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{nanoseconds:d9}"));
    }

    /// <summary>Writes one record of an extended header: its length, which counts itself, then key and value.</summary>
    public static void AddRecord(List<byte> records, string key, ReadOnlySpan<byte> value)
    {
        byte[] name = ByteText.Encode(key);
        int rest = name.Length + value.Length + 3;
        int length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length = rest + length.ToString(CultureInfo.InvariantCulture).Length;
        }

        records.AddRange(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} ")));
        records.AddRange(name);
        records.Add((byte)'=');
        records.AddRange(value);
        records.Add((byte)'\n');
    }

    /// <summary>Reads the records of an extended header.</summary>
    /// <returns>False if they are damaged.</returns>
    public static bool TryReadRecords(ReadOnlySpan<byte> text, Action<string, byte[]> take)
    {
        while (!text.IsEmpty)
        {
            int space = text.IndexOf((byte)' ');
            if (space <= 0
                || !int.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
                || length <= space + 1 || length > text.Length || text[length - 1] != '\n')
            {
                return false;
            }

            ReadOnlySpan<byte> record = text[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals < 0)
            {
                return false;
            }

            take(ByteText.Decode(record[..equals]), record[(equals + 1)..].ToArray());
            text = text[length..];
        }

        return true;
    }

    /// <summary>The name of an extended attribute as a key: '=' would end it.</summary>
    public static string KeyOf(ReadOnlySpan<byte> xattr) =>
        XattrPrefix + ByteText.Decode(xattr).Replace("%", "%25", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal);

    /// <summary>The extended attribute that a key names.</summary>
    public static byte[] XattrOf(string key) => ByteText.Encode(
        key[XattrPrefix.Length..].Replace("%3D", "=", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal));
}
