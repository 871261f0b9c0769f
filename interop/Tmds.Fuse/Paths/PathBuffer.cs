namespace Tmds.Fuse;

/// <summary>A path being built, from its end to its start. Keeps its memory for the next one.</summary>
internal sealed class PathBuffer
{
    private byte[] _bytes = new byte[256];
    private int _start = 256;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start);

    public void Clear() => _start = _bytes.Length;

    /// <summary>Puts <c>/name</c> in front.</summary>
    public void PrependName(ReadOnlySpan<byte> name)
    {
        Prepend(name);
        Prepend("/"u8);
    }

    public void Prepend(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _start)
        {
            int usedBytes = _bytes.Length - _start;
            byte[] larger = new byte[Math.Max(_bytes.Length * 2, usedBytes + bytes.Length)];
            Bytes.CopyTo(larger.AsSpan(larger.Length - usedBytes));
            _start = larger.Length - usedBytes;
            _bytes = larger;
        }

        _start -= bytes.Length;
        bytes.CopyTo(_bytes.AsSpan(_start));
    }
}
