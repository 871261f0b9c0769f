namespace VfsBlock.Interop;

/// <summary>
/// What a <see cref="FileCursor"/> points to: file, position, flags, and a stamp that tells this use of it from the ones
/// before and after.
/// </summary>
/// <remarks>
/// Any thread may rent, return and enter. Between <see cref="Enter"/> and <see cref="Leave"/> the caller has the fields
/// to itself. A small static pool holds the spare ones; the exchanges on its places are its only synchronisation.
/// </remarks>
internal sealed class FileCursorState
{
    private const int SpareCount = 32;

    private static readonly FileCursorState?[] Spares = new FileCursorState?[SpareCount];

    public HostFile? File;
    public long PositionBytes;
    public bool IsAtOwnPosition;
    public RwFlags Flags;

    // Even: at rest. Odd: a call is under way. Grows by two at every return, so an old stamp never fits again.
    private long _stamp;

    /// <summary>Takes a spare state, or makes one. Its stamp is the renter's alone until it comes back.</summary>
    public static FileCursorState Rent(out long stamp)
    {
        FileCursorState? state = null;
        for (int index = 0; index < Spares.Length && state is null; index++)
        {
            if (Spares[index] is not null)
            {
                state = Interlocked.Exchange(ref Spares[index], null);
            }
        }

        state ??= new FileCursorState();
        stamp = Volatile.Read(ref state._stamp);
        return state;
    }

    /// <summary>Starts a call.</summary>
    /// <exception cref="ObjectDisposedException">The state was returned since.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call.</exception>
    public void Enter(long stamp)
    {
        long found = Interlocked.CompareExchange(ref _stamp, stamp + 1, stamp);
        if (found != stamp)
        {
            Refuse(found, stamp);
        }
    }

    /// <summary>Ends a call.</summary>
    public void Leave(long stamp) => Volatile.Write(ref _stamp, stamp);

    /// <summary>Gives the state back. Does nothing if that has been done.</summary>
    /// <exception cref="InvalidOperationException">Another thread is in a call.</exception>
    public void Return(long stamp)
    {
        long found = Interlocked.CompareExchange(ref _stamp, stamp + 1, stamp);
        if (found == stamp + 1)
        {
            Refuse(found, stamp);
        }

        if (found != stamp)
        {
            return;
        }

        File = null;
        Volatile.Write(ref _stamp, stamp + 2);
        for (int index = 0; index < Spares.Length; index++)
        {
            if (Spares[index] is null && Interlocked.CompareExchange(ref Spares[index], this, null) is null)
            {
                return;
            }
        }
    }

    private static void Refuse(long found, long stamp)
    {
        if (found == stamp + 1)
        {
            throw new InvalidOperationException("The FileCursor is in a call on another thread; a cursor is for one thread at a time.");
        }

        throw new ObjectDisposedException(nameof(FileCursor), "The FileCursor was returned; rent another one.");
    }
}
