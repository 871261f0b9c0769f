using VfsBlock.Interop;

namespace VfsBlock.Tool;

/// <summary>What is in a file of the host. Owns the file.</summary>
internal sealed class HostFileData(HostFile file, long sizeBytes, bool isSparse) : IEntryData, IDisposable
{
    /// <inheritdoc/>
    public Errno NextRun(long offsetBytes, out long startBytes, out long endBytes)
    {
        (startBytes, endBytes) = (offsetBytes, sizeBytes);
        if (!isSparse)
        {
            return offsetBytes < sizeBytes ? Errno.None : Errno.ENXIO;
        }

        Errno error = file.SeekData(offsetBytes, out startBytes);
        if (error == Errno.None)
        {
            error = file.SeekHole(startBytes, out endBytes);
        }

        if (error == Errno.EINVAL)
        {
            // This file system does not know its holes: all of it is data.
            (startBytes, endBytes) = (offsetBytes, sizeBytes);
            error = Errno.None;
        }

        // A file that grows meanwhile is taken as long as it was.
        endBytes = Math.Min(endBytes, sizeBytes);
        return error != Errno.None ? error : startBytes < endBytes ? Errno.None : Errno.ENXIO;
    }

    /// <inheritdoc/>
    public IoResult Read(long offsetBytes, Span<byte> buffer) => file.ReadAt(buffer, offsetBytes);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
