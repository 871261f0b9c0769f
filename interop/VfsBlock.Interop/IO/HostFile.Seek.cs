using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <content>Where a sparse file has data.</content>
public sealed partial class HostFile
{
    /// <summary>Finds the next data of the file. Moves the descriptor's own position. lseek(2), SEEK_DATA.</summary>
    /// <param name="offsetBytes">Where to begin.</param>
    /// <param name="foundBytes">Where it begins, or 0 after an error.</param>
    /// <returns>ENXIO if there is none up to the end; EINVAL where the file system does not know.</returns>
    public Errno SeekData(long offsetBytes, out long foundBytes) => Seek(offsetBytes, Libc.SeekToData, out foundBytes);

    /// <summary>Finds the next hole of the file; there is one at its end. lseek(2), SEEK_HOLE.</summary>
    /// <inheritdoc cref="SeekData"/>
    /// <returns>ENXIO if the offset is not before the end; EINVAL where the file system does not know.</returns>
    public Errno SeekHole(long offsetBytes, out long foundBytes) => Seek(offsetBytes, Libc.SeekToHole, out foundBytes);

    private Errno Seek(long offsetBytes, int whence, out long foundBytes)
    {
        using DescriptorLease lease = Lease();
        long found = Libc.Seek(lease.Descriptor, offsetBytes, whence);
        foundBytes = Math.Max(found, 0);
        return found < 0 ? (Errno)(int)-found : Errno.None;
    }
}
