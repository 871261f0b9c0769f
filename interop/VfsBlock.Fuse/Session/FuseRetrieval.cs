using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>One RETRIEVE under way: where the data go, and who waits for them.</summary>
/// <remarks>Filled or failed once, under the notifier's lock; waited for and disposed by the thread that asked.</remarks>
internal sealed class FuseRetrieval : IDisposable
{
    private readonly Memory<byte> _destination;
    private readonly ManualResetEventSlim _done = new();

    public FuseRetrieval(Memory<byte> destination) => _destination = destination;

    /// <summary>What came of it, once <see cref="Wait"/> returned true.</summary>
    public IoResult Result { get; private set; }

    /// <summary>Takes the data in.</summary>
    public void Fill(ReadOnlySpan<byte> data)
    {
        int lengthBytes = Math.Min(data.Length, _destination.Length);
        data[..lengthBytes].CopyTo(_destination.Span);
        Result = IoResult.Ok(lengthBytes);
        _done.Set();
    }

    /// <summary>Gives up.</summary>
    public void Fail(Errno error)
    {
        Result = IoResult.Fail(error);
        _done.Set();
    }

    /// <summary>Waits for either; false if the time is over.</summary>
    public bool Wait(TimeSpan timeout) => _done.Wait(timeout);

    public void Dispose() => _done.Dispose();
}
