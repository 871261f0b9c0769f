using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>A session over a <see cref="SocketKernel"/> with INIT behind it, ended and checked on dispose.</summary>
internal sealed class ServedSession : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>The options of most tests: small memory, one thread that runs anywhere.</summary>
    public static FuseSessionOptions SmallOptions { get; } = new()
    {
        MaxWriteBytes = 65536,
        ThreadCount = 1,
        PinsThreads = false,
        SlowRequestThreshold = TimeSpan.Zero,
    };

    public ServedSession(FuseFileSystem fileSystem, FuseSessionOptions? options = null)
    {
        Logger = new ListLogger();
        Session = new FuseSession(fileSystem, Kernel, (options ?? SmallOptions) with { Logger = Logger });
        Session.Start();
        InitReply = Kernel.Init();
        Session.FinishStart();
    }

    public SocketKernel Kernel { get; } = new();

    public FuseSession Session { get; }

    public ListLogger Logger { get; }

    public KernelReply InitReply { get; }

    /// <summary>Waits for something that another thread is about to do.</summary>
    public static void WaitUntil(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, _patience), "it did not happen in half a minute");

    /// <summary>Ends the connection as an unmount does, and waits for the session's end.</summary>
    public void Unmount()
    {
        Kernel.Unmount();
        Assert.True(Session.WaitForUnmount(_patience), "the session did not end");
    }

    public void Dispose() => Session.Dispose();
}
