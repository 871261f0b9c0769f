using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace VfsBlock.Fuse;

/// <summary>How a <see cref="FuseSession"/> serves: what it asks the kernel for, its threads, and what it writes down.</summary>
/// <remarks>The defaults are those of a file system whose only writer is this mount.</remarks>
public sealed record FuseSessionOptions
{
    /// <summary>The flags that <see cref="WantedFlags"/> starts with.</summary>
    public const FuseInitFlags DefaultFlags =
        FuseInitFlags.AsyncRead
        | FuseInitFlags.AtomicOpenTruncate
        | FuseInitFlags.ExportSupport
        | FuseInitFlags.BigWrites
        | FuseInitFlags.DoReadDirPlus
        | FuseInitFlags.ReadDirPlusAuto
        | FuseInitFlags.AsyncDirectIo
        | FuseInitFlags.ParallelDirectoryOperations
        | FuseInitFlags.AbortError
        | FuseInitFlags.MaxPages
        | FuseInitFlags.CacheSymlinks
        | FuseInitFlags.ExplicitInvalidateData
        | FuseInitFlags.HandleKillPrivV2
        | FuseInitFlags.SetXattrExtension
        | FuseInitFlags.InitExtension
        | FuseInitFlags.DirectIoAllowMmap;

    /// <summary>
    /// What is asked of the kernel; in force is only what it offers too. ATOMIC_O_TRUNC is asked for only if the file
    /// system serves OPEN, and what needs another transport (rings, passthrough) not at all.
    /// </summary>
    public FuseInitFlags WantedFlags { get; init; } = DefaultFlags;

    /// <summary>The most data in one WRITE or READ, in bytes: 4096 or more, a multiple of 4096, 64 MiB at most.</summary>
    public int MaxWriteBytes { get; init; } = 1 << 20;

    /// <summary>Caps the kernel's read-ahead, in bytes. It can lower what the mount's bdi has, never raise it.</summary>
    public int MaxReadaheadBytes { get; init; } = int.MaxValue;

    /// <summary>How many background requests (read-ahead, write-back, asynchronous I/O) may be under way: 1 to 65535.</summary>
    public int MaxBackground { get; init; } = 128;

    /// <summary>From how many background requests on the kernel holds back: 1 to 65535.</summary>
    public int CongestionThreshold { get; init; } = 96;

    /// <summary>Serving threads; 0 (the default) means one for each CPU the process may run on.</summary>
    public int ThreadCount { get; init; }

    /// <summary>
    /// Ties each serving thread to a CPU of its own. A request served where its caller runs is several times faster than
    /// one that wakes another CPU; the device does not promise it, since its readers share one queue.
    /// </summary>
    public bool PinsThreads { get; init; } = true;

    /// <summary>How many requests one serving thread may have deferred at once: 0 to 1024.</summary>
    public int DeferredPerThread { get; init; } = 8;

    /// <summary>A request that takes longer is logged, once; zero switches that off.</summary>
    public TimeSpan SlowRequestThreshold { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for requests under way before it says what is stuck and goes on without them.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where one line for every request and reply goes; null for none. The session does not dispose it.</summary>
    public TextWriter? Trace { get; init; }

    /// <summary>Where failures and slow requests are told.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWriteBytes, FuseProtocol.MinMaxWriteBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxWriteBytes, 64 << 20);
        ArgumentOutOfRangeException.ThrowIfNotEqual(MaxWriteBytes % 4096, 0, nameof(MaxWriteBytes));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxReadaheadBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBackground, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBackground, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(CongestionThreshold, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CongestionThreshold, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(ThreadCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ThreadCount, 1024);
        ArgumentOutOfRangeException.ThrowIfNegative(DeferredPerThread);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DeferredPerThread, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(SlowRequestThreshold, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(StopTimeout, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(Logger);
    }
}
