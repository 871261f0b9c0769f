using VfsBlock.Interop;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>A device that calls a test whenever somebody waits for its queues. The device below stays the caller's.</summary>
internal sealed class HookedDevice(IBlockDevice inner) : IBlockDevice
{
    public Action? Reaping { get; set; }

    public string Name => inner.Name;

    public int AlignmentBytes => inner.AlignmentBytes;

    public bool IsReadOnly => inner.IsReadOnly;

    public long SizeBytes => inner.SizeBytes;

    public bool CanResize => inner.CanResize;

    public IoResult Read(Span<byte> buffer, long offsetBytes) => inner.Read(buffer, offsetBytes);

    public IoResult ReadNow(Span<byte> buffer, long offsetBytes) => inner.ReadNow(buffer, offsetBytes);

    public IoResult Write(ReadOnlySpan<byte> data, long offsetBytes) => inner.Write(data, offsetBytes);

    public Errno Flush() => inner.Flush();

    public Errno Discard(long offsetBytes, long lengthBytes) => inner.Discard(offsetBytes, lengthBytes);

    public Errno Resize(long sizeBytes) => inner.Resize(sizeBytes);

    public IDeviceQueue CreateQueue(int depth) => new HookedQueue(this, inner.CreateQueue(depth));

    public ReservedRegion? TryMap(long capacityBytes) => inner.TryMap(capacityBytes);

    public void Dispose()
    {
    }
}
