namespace VfsBlock.Interop;

/// <summary>
/// File I/O in the background: requests go in, completions come out. <see cref="AioQueue"/> hands them to the kernel's
/// io_submit(2), <see cref="ThreadQueue"/> to threads of its own; both keep this contract.
/// </summary>
/// <remarks>
/// <para>Threads: any number of threads submit at the same time; one thread at a time reaps; any thread disposes.</para>
/// <para>
/// Every request taken by <see cref="Submit(ReadOnlySpan{IoRequest})"/> gives exactly one completion, in any order. From
/// then until it is reaped it owns its buffers and keeps its file open. A transfer on a regular file or block device
/// goes on until it is whole, fails, or meets the end of the file; on a pipe or socket it may be short, as read(2) is,
/// and its offset means nothing. Nothing cancels a request: an operation that the kernel has begun cannot be taken back.
/// </para>
/// <para>No request allocates, and none runs on the thread pool.</para>
/// </remarks>
public interface IIoQueue : IDisposable
{
    /// <summary>How many requests the queue takes before some of them are reaped.</summary>
    int Depth { get; }

    /// <summary>How many pieces of memory a vectored request may have.</summary>
    int BufferLimit { get; }

    /// <summary>Requests taken and not reaped yet, whether done or not.</summary>
    int InFlightCount { get; }

    /// <summary>
    /// An eventfd(2) that becomes readable when there may be something to reap; for poll(2) only.
    /// <see cref="Reap"/> resets it, and leaves it readable when completions stay behind.
    /// </summary>
    int NotificationDescriptor { get; }

    /// <summary>Takes requests, from the front, as long as there is room.</summary>
    /// <returns>How many were taken. Fewer than given: the queue is full; reap, or wait for room, and submit the rest.</returns>
    /// <exception cref="InvalidOperationException">A buffer belongs to a request in flight. Nothing was taken.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed, or a lease returned. Nothing was taken.</exception>
    /// <exception cref="ArgumentException">A request has too many buffers. Nothing was taken.</exception>
    int Submit(ReadOnlySpan<IoRequest> requests);

    /// <summary>Takes one request; false if the queue is full.</summary>
    /// <inheritdoc cref="Submit(ReadOnlySpan{IoRequest})" path="/exception"/>
    bool Submit(in IoRequest request);

    /// <summary>Waits until the queue has room for a request, which another thread may then take first.</summary>
    /// <returns>False if the time was up or the queue disposed.</returns>
    bool WaitForRoom(TimeSpan timeout);

    /// <summary>Stores completions, and waits for them where there are too few. Signals do not end the wait.</summary>
    /// <param name="completions">Room for them.</param>
    /// <param name="minimum">How many to wait for; 0 does not wait.</param>
    /// <param name="timeout">How long to wait at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellation">Ends the waiting, not the requests.</param>
    /// <exception cref="ArgumentOutOfRangeException">The minimum is negative or more than there is room for.</exception>
    /// <exception cref="InvalidOperationException">Another thread is reaping.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed before the call.</exception>
    ReapResult Reap(Span<IoCompletion> completions, int minimum, TimeSpan timeout, CancellationToken cancellation = default);
}
