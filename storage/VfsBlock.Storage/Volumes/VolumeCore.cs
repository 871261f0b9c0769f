using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// What every part of a volume shares: the trees, the log, the lock, the clock, the counters; and the one place that runs operations,
/// so that none of them knows of locks, cold nodes or full logs.
/// </summary>
/// <remarks>
/// Threads: any. Queries run together under the lock held shared; a change runs alone under the lock held exclusively; nobody holds it over I/O.
/// Locks, in this order: this one, then that of <see cref="References"/>.
/// </remarks>
internal sealed class VolumeCore : IDisposable
{
    // Others may use up the room that was made; but a change that does not fit into all of it must not try for ever.
    private const int MaxRoomRounds = 8;

    private readonly ReaderWriterLockSlim _lock = new(LockRecursionPolicy.NoRecursion);
    private readonly VolumeOptions _options;
    private readonly HashKey _hashKey;
    private volatile bool _isBroken;

    // Other than _isBroken, which is true while any change is applied, this is good to read without the lock.
    private volatile bool _hasStopped;
    private volatile bool _isReadOnly;
    private long _damageCount;

    /// <summary>A core over trees that exist or are empty.</summary>
    /// <param name="store">Where the nodes are.</param>
    /// <param name="log">Where changes are written down.</param>
    /// <param name="state">Where the volume stands.</param>
    /// <param name="options">How it behaves.</param>
    public VolumeCore(INodeStore store, ITransactionLog log, in VolumeState state, VolumeOptions options)
    {
        Store = store;
        Log = log;
        System = new Tree(store, VolumeState.SystemTreeId, state.SystemTree);
        SharedExtents = new Tree(store, VolumeState.SharedExtentTreeId, state.SharedExtentTree);
        Files = new Tree(store, VolumeState.FileTreeId, state.FileTree);
        NextInode = state.NextInode;
        InodeCount = state.InodeCount;
        DataBlockCount = state.DataBlockCount;
        _hashKey = state.HashKey;
        _options = options;
    }

    /// <summary>Where the nodes are.</summary>
    public INodeStore Store { get; }

    /// <summary>Where changes are written down.</summary>
    public ITransactionLog Log { get; }

    /// <summary>The system tree.</summary>
    public Tree System { get; }

    /// <summary>The shared-extent tree.</summary>
    public Tree SharedExtents { get; }

    /// <summary>The file tree.</summary>
    public Tree Files { get; }

    /// <summary>Inodes in use from outside.</summary>
    public InodeReferences References { get; } = new();

    /// <summary>Inodes whose deletion was begun and not finished.</summary>
    public OrphanQueue Orphans { get; } = new();

    /// <summary>Where changes and what they leave to do are told.</summary>
    public MaintenanceSignal Maintenance { get; } = new();

    /// <summary>The time.</summary>
    public TimeProvider Clock => _options.Clock;

    /// <summary>How many extents one change takes.</summary>
    public int MaxExtentsPerChange => _options.MaxExtentsPerChange;

    /// <summary>How high a link count may become.</summary>
    public uint MaxLinkCount => _options.MaxLinkCount;

    /// <summary>The number that the next new inode gets. Guarded by the lock.</summary>
    public InodeNumber NextInode { get; set; }

    /// <summary>How many inodes there are. Guarded by the lock.</summary>
    public ulong InodeCount { get; set; }

    /// <summary>How many blocks hold data of files. Guarded by the lock.</summary>
    public ulong DataBlockCount { get; set; }

    /// <summary>What files hold, which the namespace gives back when it deletes them.</summary>
    public IFileData Data { get; set; } = new NoFileData();

    /// <summary>
    /// Commits, so that nodes and log have room again; called without the lock, when a change found none. Null: such a change answers EBUSY.
    /// </summary>
    public Func<Errno>? MakeRoom { get; set; }

    /// <summary>Makes what was freed available, as far as there is any; called without the lock, when a change found no space. Null: such a change answers ENOSPC.</summary>
    public Func<Errno>? MakeSpace { get; set; }

    /// <summary>How often something on disk was found damaged since the volume was opened.</summary>
    public long DamageCount => Interlocked.Read(ref _damageCount);

    /// <summary>Where the volume stands. The lock is held.</summary>
    public VolumeState State => new()
    {
        SystemTree = System.Root,
        SharedExtentTree = SharedExtents.Root,
        FileTree = Files.Root,
        NextInode = NextInode,
        InodeCount = InodeCount,
        DataBlockCount = DataBlockCount,
        HashKey = _hashKey,
    };

    /// <summary>The tree by its number.</summary>
    public Tree TreeOf(LogTree tree) => tree switch
    {
        LogTree.File => Files,
        LogTree.SharedExtents => SharedExtents,
        _ => System,
    };

    /// <summary>The hash of a name in a directory: 56 bits.</summary>
    public ulong HashOf(ReadOnlySpan<byte> name) => (SipHash.Compute(_hashKey, name) >> (64 - FileKey.HashBits)) & _options.HashMask;

    /// <summary>The hash of a reference: 56 bits.</summary>
    public ulong HashOf(RefItem reference) => HashOf(reference.Write(stackalloc byte[RefItem.EncodedBytes]));

    /// <summary>The hash of an extended attribute's name: 48 bits.</summary>
    public ulong XattrHashOf(ReadOnlySpan<byte> name) => HashOf(name) >> (FileKey.HashBits - FileKey.XattrHashBits);

    /// <summary>Counts damage that an operation met.</summary>
    /// <param name="inode">Whose items; none if a node is damaged.</param>
    public void Damaged(InodeNumber inode)
    {
        Interlocked.Increment(ref _damageCount);
        _options.DamageFound?.Invoke(inode);
    }

    /// <summary>Runs a query.</summary>
    /// <returns>None, or why there is no answer.</returns>
    public Errno Query<TQuery>(ref TQuery query)
        where TQuery : struct, IVolumeQuery, allows ref struct
    {
        var loader = new NodeLoader(Store);
        while (true)
        {
            NodePointer cold;
            _lock.EnterReadLock();
            try
            {
                var view = new VolumeView(this);
                if (query.Run(ref view))
                {
                    return Errno.None;
                }

                if (view.Cold.IsNone)
                {
                    return view.Error;
                }

                cold = view.Cold;
            }
            finally
            {
                _lock.ExitReadLock();
            }

            if (loader.Load(cold) is not Errno.None and var error)
            {
                return error;
            }
        }
    }

    /// <summary>Runs a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="right">Which reserves it may use.</param>
    /// <param name="mayCommit">False if the caller holds what a commit made on its behalf would need: then EBUSY and ENOSPC are the caller's to deal with.</param>
    /// <returns>None, or why nothing was changed.</returns>
    public Errno Change<TChange>(ref TChange change, ChangeRight right = ChangeRight.Ordinary, bool mayCommit = true)
        where TChange : struct, IVolumeChange, allows ref struct
    {
        var loader = new NodeLoader(Store);
        bool hasMadeSpace = false;
        int roomRounds = 0;
        while (true)
        {
            Errno error = TryChange(ref change, right, out NodePointer cold, out bool needsRoom);
            if (!cold.IsNone)
            {
                error = loader.Load(cold);
            }
            else if (mayCommit && needsRoom && MakeRoom is { } makeRoom && roomRounds++ < MaxRoomRounds)
            {
                error = makeRoom();
            }
            else if (mayCommit && error == Errno.ENOSPC && !hasMadeSpace && right != ChangeRight.Urgent && MakeSpace is { } makeSpace)
            {
                hasMadeSpace = true;
                error = makeSpace();
            }
            else
            {
                return error;
            }

            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    /// <summary>Runs a change in <see cref="Exclusively"/>, that is without loading anything.</summary>
    /// <returns>None; else nothing was changed, and <see cref="Change"/> says what it takes.</returns>
    public Errno ChangeAtOnce<TChange>(ref TChange change, ChangeRight right)
        where TChange : struct, IVolumeChange, allows ref struct
    {
        Errno error = ChangeLocked(ref change, right, out NodePointer cold, out _);
        return cold.IsNone ? error : Errno.EAGAIN;
    }

    /// <summary>Puts an inode whose deletion or truncation is not finished into <see cref="Orphans"/>, and tells whoever looks after the volume.</summary>
    public void LeaveForLater(InodeNumber inode)
    {
        Orphans.Add(inode);
        Maintenance.Raise();
    }

    /// <summary>True after a change that stopped half way: nothing must be committed any more.</summary>
    public bool IsBroken => _hasStopped;

    /// <summary>From now on every change answers EIO, and nothing must be committed.</summary>
    public void Break()
    {
        _hasStopped = true;
        Damaged(InodeNumber.None);
    }

    /// <summary>From now on every change answers EROFS.</summary>
    public void RefuseChanges() => _isReadOnly = true;

    /// <summary>Runs what needs everything to stand still, such as taking the roots for a commit.</summary>
    public void Exclusively<TState>(TState state, Action<VolumeCore, TState> action)
    {
        _lock.EnterWriteLock();
        try
        {
            action(this, state);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private void DropEmptied()
    {
        Files.DropEmptied();
        SharedExtents.DropEmptied();
        System.DropEmptied();
    }

    private Errno TryChange<TChange>(ref TChange change, ChangeRight right, out NodePointer cold, out bool needsRoom)
        where TChange : struct, IVolumeChange, allows ref struct
    {
        _lock.EnterWriteLock();
        try
        {
            return ChangeLocked(ref change, right, out cold, out needsRoom);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    private Errno ChangeLocked<TChange>(ref TChange change, ChangeRight right, out NodePointer cold, out bool needsRoom)
        where TChange : struct, IVolumeChange, allows ref struct
    {
        cold = default;
        needsRoom = false;
        try
        {
            if (_hasStopped || _isReadOnly)
            {
                return _hasStopped ? Errno.EIO : Errno.EROFS;
            }

            VolumeTransaction transaction;
            long evictionCount;
            do
            {
                // What is reserved can take the memory of a node that Prepare touched: then look again, with the reserve there already.
                evictionCount = Store.EvictionCount;
                Files.Recalls = true;
                transaction = new VolumeTransaction(this);
                if (!change.Prepare(ref transaction))
                {
                    cold = transaction.View.Cold;
                    return transaction.View.Error;
                }

                if (!transaction.Reserve(right))
                {
                    needsRoom = transaction.View.Error == Errno.EBUSY;
                    return transaction.View.Error;
                }
            }
            while (Store.EvictionCount != evictionCount);

            // Half a change must never be committed: if this throws, which a mistake in the program or nodes in one another's blocks can cause, nothing is changed any more.
            _isBroken = true;
            change.Apply(ref transaction);
            DropEmptied();
            Log.End();
            Maintenance.NoteChange();
            _isBroken = false;
            return Errno.None;
        }
        catch (TreeDamagedException)
        {
            Damaged(InodeNumber.None);
            return Errno.EIO;
        }
        finally
        {
            if (_isBroken)
            {
                _hasStopped = true;
            }

            Files.Recalls = false;
        }
    }
}
