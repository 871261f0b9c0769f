using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// What an image lies on: a file, a block device, memory, a simulated disk. It moves bytes, and says honestly when they are
/// durable: a write may be lost or torn by a power cut until a later <see cref="Flush"/> has succeeded.
/// </summary>
/// <remarks>
/// Any thread may call, and several at once; ranges written at the same time must not overlap. Offsets, lengths and the memory of
/// <see cref="Write"/> are multiples of <see cref="AlignmentBytes"/>; reads may be of any range. No call allocates. Nobody may use
/// what a <see cref="Resize"/> is cutting off. Queues and views are disposed before the device.
/// </remarks>
public interface IBlockDevice : IDisposable
{
    /// <summary>What messages call it: a path, or what takes its place.</summary>
    string Name { get; }

    /// <summary>What offsets, lengths and addresses of writes must be a multiple of; 4096 or less.</summary>
    int AlignmentBytes { get; }

    /// <summary>True if writes are refused with EROFS.</summary>
    bool IsReadOnly { get; }

    /// <summary>Its size now, in bytes.</summary>
    long SizeBytes { get; }

    /// <summary>True if <see cref="Resize"/> can change the size.</summary>
    bool CanResize { get; }

    /// <summary>
    /// Fills the buffer. Fewer bytes without an error: the device ended. Sees every write that completed before, by whichever way it went.
    /// </summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="offsetBytes">Where from; at least 0.</param>
    IoResult Read(Span<byte> buffer, long offsetBytes);

    /// <summary>Fills the buffer only if that needs no wait for the device; otherwise EAGAIN, perhaps after a part.</summary>
    /// <inheritdoc cref="Read"/>
    IoResult ReadNow(Span<byte> buffer, long offsetBytes);

    /// <summary>Says that a range will be read soon: a device that can begins to fetch it, and does not wait. Promises nothing.</summary>
    /// <param name="offsetBytes">Where it begins; at least 0.</param>
    /// <param name="lengthBytes">How long it is, 1 or more.</param>
    void ReadAhead(long offsetBytes, long lengthBytes)
    {
    }

    /// <summary>Writes all of it, or says how much and why not more. Leaves no dirty page behind.</summary>
    /// <returns>EROFS; EINVAL if it is not aligned; ENOSPC if it does not lie inside the device, or the host is full; EIO.</returns>
    IoResult Write(ReadOnlySpan<byte> data, long offsetBytes);

    /// <summary>Returns when every write that completed before the call is durable. After a failure nothing written since the last success may be relied on.</summary>
    Errno Flush();

    /// <summary>Gives the space of a range back; it reads as zeros or as it was afterwards. Success also where the device cannot.</summary>
    Errno Discard(long offsetBytes, long lengthBytes);

    /// <summary>Changes the size; new bytes read as zeros. Durable after the next <see cref="Flush"/>.</summary>
    /// <param name="sizeBytes">A multiple of <see cref="AlignmentBytes"/>, or EINVAL.</param>
    /// <returns>ENOSPC, EFBIG, EROFS, or EOPNOTSUPP where the size is given.</returns>
    Errno Resize(long sizeBytes);

    /// <summary>A queue for writes in the background; dispose it before the device.</summary>
    /// <param name="depth">How many requests it holds, 1 or more.</param>
    /// <exception cref="InvalidOperationException">The device is read-only.</exception>
    IDeviceQueue CreateQueue(int depth);

    /// <summary>
    /// A read-only view of the device over <paramref name="capacityBytes"/> of address space; null where it cannot be mapped, or where mapping
    /// is not wise. Each <see cref="Resize"/> changes the view's length as far as it reaches; its address stays. The caller disposes it.
    /// </summary>
    ReservedRegion? TryMap(long capacityBytes);
}
