using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <summary>A device that outlives who disposes it: to open an image several times, or to look at it after a crash.</summary>
public sealed class LentDevice(IBlockDevice device) : IBlockDevice
{
    /// <inheritdoc/>
    public string Name => device.Name;

    /// <inheritdoc/>
    public int AlignmentBytes => device.AlignmentBytes;

    /// <inheritdoc/>
    public bool IsReadOnly => device.IsReadOnly;

    /// <inheritdoc/>
    public long SizeBytes => device.SizeBytes;

    /// <inheritdoc/>
    public bool CanResize => device.CanResize;

    /// <inheritdoc/>
    public IoResult Read(Span<byte> buffer, long offsetBytes) => device.Read(buffer, offsetBytes);

    /// <inheritdoc/>
    public IoResult ReadNow(Span<byte> buffer, long offsetBytes) => device.ReadNow(buffer, offsetBytes);

    /// <inheritdoc/>
    public void ReadAhead(long offsetBytes, long lengthBytes) => device.ReadAhead(offsetBytes, lengthBytes);

    /// <inheritdoc/>
    public IoResult Write(ReadOnlySpan<byte> data, long offsetBytes) => device.Write(data, offsetBytes);

    /// <inheritdoc/>
    public Errno Flush() => device.Flush();

    /// <inheritdoc/>
    public Errno Discard(long offsetBytes, long lengthBytes) => device.Discard(offsetBytes, lengthBytes);

    /// <inheritdoc/>
    public Errno Resize(long sizeBytes) => device.Resize(sizeBytes);

    /// <inheritdoc/>
    public IDeviceQueue CreateQueue(int depth) => device.CreateQueue(depth);

    /// <inheritdoc/>
    public ReservedRegion? TryMap(long capacityBytes) => device.TryMap(capacityBytes);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
