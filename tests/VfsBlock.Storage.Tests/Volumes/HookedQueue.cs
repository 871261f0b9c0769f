using VfsBlock.Interop;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>A queue of a <see cref="HookedDevice"/>.</summary>
internal sealed class HookedQueue(HookedDevice device, IDeviceQueue inner) : IDeviceQueue
{
    public int Depth => inner.Depth;

    public int InFlightCount => inner.InFlightCount;

    public int BufferLimit => inner.BufferLimit;

    public bool TryWrite(IoBufferSlice data, long offsetBytes, ulong tag) => inner.TryWrite(data, offsetBytes, tag);

    public bool TryWrite(ReadOnlyMemory<IoBufferSlice> data, long offsetBytes, ulong tag) => inner.TryWrite(data, offsetBytes, tag);

    public int Reap(Span<IoCompletion> completions, int minimum)
    {
        device.Reaping?.Invoke();
        return inner.Reap(completions, minimum);
    }

    public void Dispose() => inner.Dispose();
}
