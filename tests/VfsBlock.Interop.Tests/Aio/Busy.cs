using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>
/// A read of a pipe, in flight until the test feeds it. A thread of its own submits it, because a queue may do such a
/// read inside the submission.
/// </summary>
internal sealed class Busy : IDisposable
{
    private readonly PipePair _pipe = PipePair.Pipe();
    private readonly Thread _submitter;

    /// <summary>Submits the read; returns once the buffer is in flight.</summary>
    public Busy(IIoQueue queue, IoBufferLease lease, ulong tag)
    {
        _submitter = new Thread(() => queue.Submit(IoRequest.Read(_pipe.Reader.Handle, lease.All(), 0, tag)));
        _submitter.Start();
        SpinWait.SpinUntil(() => lease.IsInFlight);
    }

    /// <summary>Ends the read with these bytes.</summary>
    public void Feed(ReadOnlySpan<byte> bytes) => Assert.Equal(IoResult.Ok(bytes.Length), _pipe.Writer.WriteNext(bytes));

    public void Dispose()
    {
        // Without a writer a read that was not fed ends too, so the submission returns in any case.
        _pipe.Writer.Dispose();
        _submitter.Join();
        _pipe.Dispose();
    }
}
