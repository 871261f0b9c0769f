using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Writes to a device in the background: requests go in, completions come out, in any order.</summary>
/// <remarks>
/// Threads: any number submit, one at a time reaps. From submission until it is reaped a request owns its buffers
/// (<see cref="IoBufferLease"/> refuses to let them go). A write completes whole or with an error. No call allocates.
/// Dispose waits for what is in flight.
/// </remarks>
public interface IDeviceQueue : IDisposable
{
    /// <summary>How many requests it holds.</summary>
    int Depth { get; }

    /// <summary>Requests submitted and not reaped.</summary>
    int InFlightCount { get; }

    /// <summary>How many pieces of memory one write may have.</summary>
    int BufferLimit { get; }

    /// <summary>Writes one piece of memory; false if the queue is full.</summary>
    /// <exception cref="ArgumentException">Not aligned, not inside the device, or too many pieces.</exception>
    /// <exception cref="InvalidOperationException">A request in flight fills the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed, or the lease returned.</exception>
    bool TryWrite(IoBufferSlice data, long offsetBytes, ulong tag);

    /// <summary>Writes several pieces one behind the other; false if the queue is full. The array may be used again at once.</summary>
    bool TryWrite(ReadOnlyMemory<IoBufferSlice> data, long offsetBytes, ulong tag);

    /// <summary>Stores completions; waits until there are <paramref name="minimum"/>, or the queue is disposed.</summary>
    /// <returns>How many were stored. A result with fewer bytes than the write had carries an error.</returns>
    /// <exception cref="InvalidOperationException">Another thread is reaping.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed before the call.</exception>
    int Reap(Span<IoCompletion> completions, int minimum);
}
