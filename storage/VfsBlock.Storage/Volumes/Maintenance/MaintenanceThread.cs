namespace VfsBlock.Storage;

/// <summary>The thread that looks after a volume: does what is due, and sleeps until something is, or until it is told that there is something.</summary>
/// <remarks>Owns its thread: started by the constructor, ended by <see cref="Dispose"/>. It is no thread of the pool, so a program that keeps the pool busy loses no more in a crash.</remarks>
internal sealed class MaintenanceThread : IDisposable
{
    private readonly VolumeMaintenance _maintenance;
    private readonly MaintenanceSignal _signal;
    private readonly Thread _thread;
    private volatile bool _isStopping;

    /// <summary>Starts it.</summary>
    public MaintenanceThread(VolumeMaintenance maintenance, MaintenanceSignal signal)
    {
        _maintenance = maintenance;
        _signal = signal;
        _thread = new Thread(Run) { IsBackground = true, Name = "volume-maintenance" };
        _thread.Start();
    }

    /// <summary>Ends the thread and waits for it, which takes as long as what it is doing.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _signal.Raise();
        _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (!_isStopping)
            {
                int waitMs = _maintenance.RunDue();
                if (waitMs != 0)
                {
                    _signal.Wait(waitMs);
                }
            }
        }
        catch (Exception exception)
        {
            _maintenance.End(exception);
        }
    }
}
