using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>A device that is lent: whoever disposes this leaves the device itself open.</summary>
/// <remarks>Threads: as the device. Owns nothing.</remarks>
internal sealed class BorrowedDevice(IBlockDevice device) : IBlockDevice
{
    private readonly IBlockDevice _device = device;

    /// <inheritdoc/>
    public string Name => _device.Name;

    /// <inheritdoc/>
    public int AlignmentBytes => _device.AlignmentBytes;

    /// <inheritdoc/>
    public bool IsReadOnly => _device.IsReadOnly;

    /// <inheritdoc/>
    public long SizeBytes => _device.SizeBytes;

    /// <inheritdoc/>
    public bool CanResize => _device.CanResize;

    /// <inheritdoc/>
    public IoResult Read(Span<byte> buffer, long offsetBytes) => _device.Read(buffer, offsetBytes);

    /// <inheritdoc/>
    public IoResult ReadNow(Span<byte> buffer, long offsetBytes) => _device.ReadNow(buffer, offsetBytes);

    /// <inheritdoc/>
    public void ReadAhead(long offsetBytes, long lengthBytes) => _device.ReadAhead(offsetBytes, lengthBytes);

    /// <inheritdoc/>
    public IoResult Write(ReadOnlySpan<byte> data, long offsetBytes) => _device.Write(data, offsetBytes);

    /// <inheritdoc/>
    public Errno Flush() => _device.Flush();

    /// <inheritdoc/>
    public Errno Discard(long offsetBytes, long lengthBytes) => _device.Discard(offsetBytes, lengthBytes);

    /// <inheritdoc/>
    public Errno Resize(long sizeBytes) => _device.Resize(sizeBytes);

    /// <inheritdoc/>
    public IDeviceQueue CreateQueue(int depth) => _device.CreateQueue(depth);

    /// <inheritdoc/>
    public ReservedRegion? TryMap(long capacityBytes) => _device.TryMap(capacityBytes);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
