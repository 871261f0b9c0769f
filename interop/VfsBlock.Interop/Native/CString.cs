using System.Text;

namespace VfsBlock.Interop.Native;

/// <summary>Text as C takes it: UTF-8 bytes and a closing zero byte. Stateless; for calls off the request path.</summary>
internal static class CString
{
    /// <summary>The bytes of <paramref name="text"/>, zero byte included.</summary>
    /// <exception cref="ArgumentException">The text holds a zero character: C would see only what is before it.</exception>
    public static byte[] From(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("the text holds a zero character", nameof(text));
        }

        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
