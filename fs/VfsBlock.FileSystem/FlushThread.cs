using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <summary>Answers the requests that wait for durability: whoever came before a flush began shares it.</summary>
/// <remarks>
/// Owns its thread. Any serving thread may call <see cref="Flush"/>; one lock over the list of who waits, never held over the flush or an answer. Nothing is
/// allocated per request once the lists have grown.
/// </remarks>
internal sealed class FlushThread : IDisposable
{
    private readonly object _gate = new();
    private readonly Volume _volume;
    private readonly Thread _thread;
    private List<FuseRequest> _waiting = [];
    private List<FuseRequest> _served = [];
    private bool _isEnding;

    /// <summary>Starts the thread.</summary>
    public FlushThread(Volume volume)
    {
        _volume = volume;
        _thread = new Thread(Serve) { IsBackground = true, Name = "flush" };
        _thread.Start();
    }

    /// <summary>Answers a request once everything done before it is durable.</summary>
    /// <returns>The answer, if the request could not be deferred; otherwise anything.</returns>
    public Errno Flush(FuseRequest request)
    {
        if (!request.TryDefer())
        {
            return _volume.Sync();
        }

        lock (_gate)
        {
            _waiting.Add(request);
            Monitor.Pulse(_gate);
        }

        return Errno.None;
    }

    /// <summary>Ends the thread. No request may be under way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Serve()
    {
        while (TryTake())
        {
            Errno error = Errno.EIO;
            try
            {
                error = _volume.Sync();
            }
            finally
            {
                foreach (FuseRequest request in _served)
                {
                    request.Complete(error);
                }

                _served.Clear();
            }
        }
    }

    private bool TryTake()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isEnding)
            {
                Monitor.Wait(_gate);
            }

            (_waiting, _served) = (_served, _waiting);
            return _served.Count > 0;
        }
    }
}
