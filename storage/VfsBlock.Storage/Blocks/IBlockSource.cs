using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Where blocks come from that no frame holds: a read-only map of the device, or reads into frames.</summary>
/// <remarks>
/// <see cref="Locate"/> needs no lock; <see cref="Load"/> waits for the device, so it is called without one; the others are called under the file's
/// lock.
/// </remarks>
internal interface IBlockSource : IDisposable
{
    /// <summary>Address of the map, or 0.</summary>
    nint Address { get; }

    /// <summary>Where a block is that was loaded before and not forgotten; 0 if it must be loaded.</summary>
    nint Locate(ulong block);

    /// <summary>Where the map has the run, loaded or not; 0 if it has to be read into a buffer.</summary>
    nint ViewOf(ulong first, int blockCount);

    /// <summary>Brings a run in from the device: into the buffer, or, if that is empty, into the memory of the view.</summary>
    /// <returns>EIO if it cannot be had: a bad sector, or a device that ends too early.</returns>
    Errno Load(ulong first, int blockCount, Span<byte> buffer);

    /// <summary>From now on <see cref="Locate"/> answers for blocks of a view.</summary>
    void Remember(ulong first, int blockCount);

    /// <summary>The blocks belong to somebody else now: they must be loaded again.</summary>
    void Forget(ulong first, int blockCount);
}
