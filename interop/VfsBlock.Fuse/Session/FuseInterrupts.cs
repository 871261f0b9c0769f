namespace VfsBlock.Fuse;

/// <summary>
/// Brings INTERRUPT to the request it is about, which another thread may be handling, may have deferred, may have
/// answered by now, or may just be taking in.
/// </summary>
/// <remarks>
/// <para>
/// The last case: the kernel sends INTERRUPT only after the request was read, but to whichever thread reads next, and
/// that one may be faster. Such a number is parked; <see cref="FuseSlot.Begin"/> and the search in
/// <see cref="Claim"/> meet it whichever comes second, since both sides store before they look. The kernel's own way,
/// to answer EAGAIN and be asked again, does not reach a request that was read from another clone of the device, and
/// spins until the other thread gets on.
/// </para>
/// <para>
/// Numbers are never used twice, so a parked one that belongs to an answered request does no harm; the watchdog drops
/// it after a while. The lock guards the parked numbers and is taken on the request path only while there are some.
/// </para>
/// </remarks>
internal sealed class FuseInterrupts
{
    private const int ParkedCapacity = 64;
    private const long StaleAfterMs = 2000;

    private readonly FuseSession _session;
    private readonly Lock _lock = new();
    private readonly List<(ulong Unique, long ParkedAtMs)> _parked = new(ParkedCapacity);
    private int _parkedCount;

    public FuseInterrupts(FuseSession session) => _session = session;

    /// <summary>INTERRUPT arrived for <paramref name="unique"/>.</summary>
    public void Deliver(ulong unique)
    {
        if (TryInterrupt(unique))
        {
            return;
        }

        Park(unique);
        if (TryInterrupt(unique))
        {
            Unpark(unique);
        }
    }

    /// <summary>A request began: was it interrupted before? Its operation then finds it marked from the start.</summary>
    public void Claim(FuseSlot slot)
    {
        if (Volatile.Read(ref _parkedCount) != 0 && Unpark(slot.Unique))
        {
            slot.Request.IsInterrupted = true;
        }
    }

    /// <summary>Drops parked numbers whose request must have been answered before its INTERRUPT was read.</summary>
    public void ForgetStale()
    {
        if (Volatile.Read(ref _parkedCount) == 0)
        {
            return;
        }

        long now = Environment.TickCount64;
        lock (_lock)
        {
            _parked.RemoveAll(parked => now - parked.ParkedAtMs > StaleAfterMs);
            Volatile.Write(ref _parkedCount, _parked.Count);
        }
    }

    private bool TryInterrupt(ulong unique)
    {
        foreach (FuseSlot slot in _session.Slots)
        {
            if (slot.TryPin(unique))
            {
                try
                {
                    Interrupt(slot);
                }
                finally
                {
                    slot.Release();
                }

                return true;
            }
        }

        return false;
    }

    private void Interrupt(FuseSlot slot)
    {
        slot.Request.IsInterrupted = true;
        try
        {
            _session.FileSystem.Interrupted(slot.Request);
        }
        catch (Exception exception)
        {
            _session.Logger.CallbackThrew(exception, nameof(FuseFileSystem.Interrupted));
        }
    }

    private void Park(ulong unique)
    {
        lock (_lock)
        {
            if (_parked.Count == ParkedCapacity)
            {
                _parked.RemoveAt(0);
            }

            _parked.Add((unique, Environment.TickCount64));
            Interlocked.Exchange(ref _parkedCount, _parked.Count);
        }
    }

    private bool Unpark(ulong unique)
    {
        lock (_lock)
        {
            int index = _parked.FindIndex(parked => parked.Unique == unique);
            if (index < 0)
            {
                return false;
            }

            _parked.RemoveAt(index);
            Volatile.Write(ref _parkedCount, _parked.Count);
            return true;
        }
    }
}
