namespace VfsBlock.Fuse;

/// <summary>
/// Tells, once for each, of requests that have been under way for too long. One thread of its own looks at the start
/// times in the slots now and then; serving threads know nothing of it.
/// </summary>
/// <remarks>Owns its thread: started by the constructor, ended by <see cref="Dispose"/>.</remarks>
internal sealed class FuseWatchdog : IDisposable
{
    private const int ShortestIntervalMs = 10;
    private const int LongestIntervalMs = 1000;

    private readonly FuseSession _session;
    private readonly long _thresholdMs;
    private readonly Dictionary<FuseSlot, ulong> _told = [];
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <param name="session">The session to watch.</param>
    /// <param name="threshold">From how long on a request is told of; zero for never.</param>
    public FuseWatchdog(FuseSession session, TimeSpan threshold)
    {
        _session = session;
        _thresholdMs = threshold == TimeSpan.Zero ? long.MaxValue : (long)threshold.TotalMilliseconds;
        _thread = new Thread(Run) { IsBackground = true, Name = "fuse-watchdog" };
        _thread.Start();
    }

    /// <summary>Ends the thread and waits for it.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
            _stop.Dispose();
        }
    }

    private void Run()
    {
        int intervalMs = (int)Math.Clamp(_thresholdMs / 4, ShortestIntervalMs, LongestIntervalMs);
        while (!_stop.Wait(intervalMs))
        {
            _session.Interrupts.ForgetStale();
            foreach (FuseSlot slot in _session.Slots)
            {
                Look(slot);
            }
        }
    }

    private void Look(FuseSlot slot)
    {
        ulong unique = slot.Unique;
        if (!slot.TryPin(unique))
        {
            return;
        }

        long elapsedMs = Environment.TickCount64 - slot.StartedAtMs;
        FuseRequest request = slot.Request;
        (FuseOpcode opcode, NodeId node, uint processId, uint userId) = (request.Opcode, request.Node, request.ProcessId, request.UserId);
        slot.Release();
        if (elapsedMs >= _thresholdMs && (!_told.TryGetValue(slot, out ulong told) || told != unique))
        {
            _told[slot] = unique;
            _session.Logger.SlowRequest(opcode, node, unique, processId, userId, elapsedMs);
        }
    }
}
