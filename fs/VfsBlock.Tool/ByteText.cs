using System.Buffers;
using System.Text;

namespace VfsBlock.Tool;

/// <summary>
/// Names are bytes, and .NET's strings are not: a byte that is no part of UTF-8 is carried as half a surrogate pair, U+DC80 to U+DCFF, which no valid text has
/// (as Python's surrogateescape does). So any bytes become a string and the same bytes again. Stateless.
/// </summary>
internal static class ByteText
{
    private const char FirstEscape = '\uDC80';
    private const char LastEscape = '\uDCFF';
    private const int EscapeBase = 0xDC00;

    /// <summary>The string for some bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Span<char> letters = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int count) == OperationStatus.Done)
            {
                text.Append(letters[..rune.EncodeToUtf16(letters)]);
            }
            else
            {
                count = 1;
                text.Append((char)(EscapeBase + bytes[0]));
            }

            bytes = bytes[count..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a string.</summary>
    public static byte[] Encode(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>(text.Length);
        Span<byte> coded = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            int count = 1;
            if (text[0] is >= FirstEscape and <= LastEscape)
            {
                bytes.Add((byte)(text[0] - EscapeBase));
            }
            else
            {
                Rune.DecodeFromUtf16(text, out Rune rune, out count);
                bytes.AddRange(coded[..rune.EncodeToUtf8(coded)]);
            }

            text = text[count..];
        }

        return [.. bytes];
    }

    /// <summary>True if the bytes are UTF-8, so that any program can take them as text.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    /// <summary>For messages: what cannot be shown, control characters included, becomes a question mark.</summary>
    public static string Show(ReadOnlySpan<byte> bytes) =>
        string.Concat(Decode(bytes).Select(letter => char.IsControl(letter) || letter is >= FirstEscape and <= LastEscape ? '?' : letter));
}
