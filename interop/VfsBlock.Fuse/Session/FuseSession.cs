using Microsoft.Extensions.Logging;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>A file system being served to the kernel: its mount, its serving threads, and their end.</summary>
/// <remarks>
/// <code>
/// using FuseSession session = FuseSession.Mount(fileSystem, "/mnt/x");
/// session.WaitForUnmount();
/// </code>
/// Owns the mount, the threads and their memory. Its public members may be called on any thread except, for
/// <see cref="WaitForUnmount()"/> and <see cref="Dispose"/>, from inside an operation of the file system. The lock guards
/// the list of workers; it is not taken on the request path.
/// </remarks>
public sealed partial class FuseSession : IDisposable
{
    private readonly IFuseConnection _connection;
    private readonly ManualResetEventSlim _initialised = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly Lock _gate = new();
    private readonly List<FuseWorker> _workers = [];
    private readonly int[] _cpus;
    private FuseSlot[] _slots = [];
    private FuseWatchdog? _watchdog;
    private FuseAgreement? _agreement;
    private string? _failure;
    private int _runningCount;
    private bool _isOver;
    private int _disposed;

    /// <summary>Mounts a file system and serves it.</summary>
    /// <param name="fileSystem">The file system.</param>
    /// <param name="mountPoint">An existing directory.</param>
    /// <param name="mountOptions">How to mount; null for the defaults.</param>
    /// <param name="sessionOptions">How to serve; null for the defaults.</param>
    /// <param name="mounter">Who mounts; null for a mounter with the session's logger.</param>
    /// <returns>The session, mounted and serving. Disposing it unmounts.</returns>
    /// <exception cref="FuseMountException">It could not be mounted, or the kernel and we do not understand each other.</exception>
    public static FuseSession Mount(
        FuseFileSystem fileSystem,
        string mountPoint,
        MountOptions? mountOptions = null,
        FuseSessionOptions? sessionOptions = null,
        FuseMounter? mounter = null)
    {
        ArgumentNullException.ThrowIfNull(fileSystem);
        FuseSessionOptions options = sessionOptions ?? new FuseSessionOptions();
        options.Validate();
        mounter ??= new FuseMounter { Logger = options.Logger };
        FuseMountConnection? connection = null;
        FuseSession? session = null;
        try
        {
            FuseMount mount = mounter.Mount(mountPoint, mountOptions ?? new MountOptions(), device =>
            {
                connection = new FuseMountConnection(mountPoint, device, options.Logger);
                session = new FuseSession(fileSystem, connection, options);
                session.Start();
            });
            connection!.Mount = mount;
            session!.FinishStart();
            return session;
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>Prepares a session; nothing is served before <see cref="Start"/>.</summary>
    internal FuseSession(FuseFileSystem fileSystem, IFuseConnection connection, FuseSessionOptions options)
    {
        FileSystem = fileSystem;
        _connection = connection;
        Options = options;
        _dispatcher = new FuseDispatcher(fileSystem);
        Logger = new GuardedLogger(options.Logger);
        Trace = options.Trace is null ? null : new FuseTrace(options.Trace);
        Interrupts = new FuseInterrupts(this);
        Notifier = new FuseNotifier(this);
        _cpus = CpuSet.OfThisProcess();
    }

    /// <summary>What the kernel and the session agreed on.</summary>
    /// <exception cref="InvalidOperationException">The kernel has not sent INIT yet.</exception>
    public FuseAgreement Agreement =>
        Volatile.Read(ref _agreement) ?? throw new InvalidOperationException("The kernel has not sent INIT yet.");

    /// <summary>The mount being served; null for a session over something else.</summary>
    public FuseMount? ActiveMount => (_connection as FuseMountConnection)?.Mount;

    /// <summary>The way to tell the kernel what changed behind its back.</summary>
    public FuseNotifier Notifier { get; }

    /// <summary>Why the session ended before it was unmounted; null if it did not.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    internal FuseFileSystem FileSystem { get; }

    internal FuseSessionOptions Options { get; }

    internal ILogger Logger { get; }

    internal FuseTrace? Trace { get; }

    internal FuseInterrupts Interrupts { get; }

    /// <summary>Every slot of every worker. A snapshot: workers are added once, right after INIT.</summary>
    internal FuseSlot[] Slots => Volatile.Read(ref _slots);

    /// <summary>True once no further request is to be taken, whatever the kernel still has.</summary>
    internal bool IsOver => Volatile.Read(ref _isOver);

    /// <summary>Starts the first serving thread, which waits for INIT and answers it.</summary>
    internal void Start()
    {
        AddWorker(0);
        _watchdog = new FuseWatchdog(this, Options.SlowRequestThreshold);
    }

    /// <summary>Waits for INIT to be answered and starts the other serving threads.</summary>
    /// <exception cref="FuseMountException">The kernel was refused, or the connection ended before it sent INIT.</exception>
    internal void FinishStart()
    {
        _initialised.Wait();
        if (Volatile.Read(ref _agreement) is not { } agreement)
        {
            throw new FuseMountException(
                $"cannot serve {_connection.Name}: {Failure ?? "the connection ended before the kernel sent INIT"}", Errno.EPROTO);
        }

        int count = Options.ThreadCount > 0 ? Options.ThreadCount : _cpus.Length;
        for (int index = 1; index < count && !IsOver; index++)
        {
            AddWorker(index);
        }

        Logger.Agreed(agreement);
    }

    /// <summary>Sends a notification, through the first worker's channel.</summary>
    internal Errno Notify(ReadOnlySpan<byte> message)
    {
        FuseWorker? first;
        lock (_gate)
        {
            first = _workers.Count > 0 ? _workers[0] : null;
        }

        return first is null ? Errno.ENOTCONN : first.Channel.Notify(message);
    }

    private void AddWorker(int index)
    {
        int cpu = Options.PinsThreads && _cpus.Length > 0 ? _cpus[index % _cpus.Length] : -1;
        var worker = new FuseWorker(this, index, _connection.OpenChannel(index), cpu);
        lock (_gate)
        {
            if (index > 0 && _runningCount == 0)
            {
                // The connection ended while we started.
                worker.Dispose();
                return;
            }

            _workers.Add(worker);
            _runningCount++;
            Volatile.Write(ref _slots, [.. _slots, .. worker.Slots]);
        }

        worker.Start();
    }
}
