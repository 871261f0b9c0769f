namespace VfsBlock.Storage;

/// <summary>How the parts of a volume tell that there is something to look after. Nobody needs to listen.</summary>
/// <remarks>Threads: any may tell, also under the volume's lock; one waits. Its lock is taken with no other. Allocates nothing.</remarks>
internal sealed class MaintenanceSignal
{
    private readonly object _gate = new();
    private volatile bool _hasChanges;
    private bool _isRaised;

    /// <summary>True if something was changed since <see cref="ForgetChanges"/>.</summary>
    public bool HasChanges => _hasChanges;

    /// <summary>Something was changed. Under the volume's lock, so that a cut which follows <see cref="ForgetChanges"/> has what is forgotten.</summary>
    public void NoteChange()
    {
        if (!_hasChanges)
        {
            _hasChanges = true;
            Raise();
        }
    }

    /// <summary>Called before everything is made durable.</summary>
    public void ForgetChanges() => _hasChanges = false;

    /// <summary>There may be something to do now.</summary>
    public void Raise()
    {
        lock (_gate)
        {
            _isRaised = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Returns after the next <see cref="Raise"/>, or at once if there was one since the last wait.</summary>
    /// <param name="timeoutMs">At the latest after so many milliseconds; -1 for never.</param>
    /// <returns>False if the time was over.</returns>
    public bool Wait(int timeoutMs)
    {
        lock (_gate)
        {
            bool isRaised = _isRaised || Monitor.Wait(_gate, timeoutMs);
            _isRaised = false;
            return isRaised;
        }
    }
}
