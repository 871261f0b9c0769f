using VfsBlock.Interop;

namespace VfsBlock.Tool;

/// <summary>The data of an entry in a tar stream, which is read once from its beginning to its end.</summary>
/// <param name="stream">Where it comes from; it stands at the data.</param>
/// <param name="runs">Where the data belongs, ascending.</param>
internal sealed class TarData(Stream stream, List<(long Start, long End)> runs) : IEntryData
{
    private int _next;

    /// <summary>Bytes that were read.</summary>
    public long ReadBytes { get; private set; }

    /// <inheritdoc/>
    public Errno NextRun(long offsetBytes, out long startBytes, out long endBytes)
    {
        while (_next < runs.Count && runs[_next].End <= offsetBytes)
        {
            _next++;
        }

        (startBytes, endBytes) = _next < runs.Count ? runs[_next] : default;
        startBytes = Math.Max(startBytes, offsetBytes);
        return _next < runs.Count ? Errno.None : Errno.ENXIO;
    }

    /// <inheritdoc/>
    public IoResult Read(long offsetBytes, Span<byte> buffer)
    {
        int count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        ReadBytes += count;
        return count == buffer.Length ? IoResult.Ok(count) : throw new ToolException("the tar stream ends in the middle of a file", ExitCode.Failed);
    }
}
