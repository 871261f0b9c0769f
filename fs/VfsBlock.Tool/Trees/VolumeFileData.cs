using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>What is in a file of a volume.</summary>
internal sealed class VolumeFileData(Volume volume, InodeNumber inode) : IEntryData
{
    /// <inheritdoc/>
    public Errno NextRun(long offsetBytes, out long startBytes, out long endBytes)
    {
        endBytes = 0;
        Errno error = volume.SeekData(inode, (ulong)offsetBytes, out ulong start);
        startBytes = (long)start;
        if (error == Errno.None)
        {
            error = volume.SeekHole(inode, start, out ulong end);
            endBytes = (long)end;
        }

        return error;
    }

    /// <inheritdoc/>
    public IoResult Read(long offsetBytes, Span<byte> buffer) => volume.Read(inode, (ulong)offsetBytes, buffer);
}
