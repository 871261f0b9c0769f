namespace VfsBlock.Storage.Tests.Volumes;

internal static class SpanFilling
{
    /// <summary>The same bytes, all set to a value.</summary>
    public static ReadOnlySpan<byte> Filled(this Span<byte> bytes, byte value)
    {
        bytes.Fill(value);
        return bytes;
    }
}
