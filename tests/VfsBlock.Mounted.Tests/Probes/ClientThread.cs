using System.Runtime.ExceptionServices;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// A client of a mount on a thread of its own, which can be waited for, and signalled while it is in the kernel. Belongs to
/// the test that made it.
/// </summary>
internal sealed class ClientThread<T>
{
    private readonly Thread _thread;
    private readonly TaskCompletionSource<int> _id = new();
    private ExceptionDispatchInfo? _failure;
    private T? _result;

    /// <summary>Starts the thread.</summary>
    /// <param name="call">What the client does; its result is the thread's.</param>
    public ClientThread(Func<T> call)
    {
        _thread = new Thread(() => Run(call)) { IsBackground = true, Name = "client" };
        _thread.Start();
    }

    /// <summary>True once the client has its result.</summary>
    public bool HasEnded => !_thread.IsAlive;

    /// <summary>Waits for the client's end, for a limited time, and gives its result or throws what it threw.</summary>
    public T Result
    {
        get
        {
            Assert.True(_thread.Join(ProbeMount.Patience / 2), "a client still waits");
            _failure?.Throw();
            return _result!;
        }
    }

    /// <summary>Sends the client a signal that does nothing but interrupt its system call.</summary>
    public void Signal() => ThreadSignal.Send(_id.Task.Result);

    private void Run(Func<T> call)
    {
        _id.SetResult(ThreadSignal.CurrentThread);
        try
        {
            _result = call();
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }
}
