namespace VfsBlock.MemoryFileSystem;

/// <summary>The lock on all names: many read or one writes. Use it with <c>using</c>.</summary>
/// <remarks>First in the order of locks: tree, then an inode (the lower id first), then the page pool.</remarks>
internal sealed class TreeLock : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new(LockRecursionPolicy.NoRecursion);

    /// <summary>Holds the names still until the scope is disposed.</summary>
    public ReadScope Read()
    {
        _lock.EnterReadLock();
        return new ReadScope(_lock);
    }

    /// <summary>Keeps everybody else out until the scope is disposed.</summary>
    public WriteScope Write()
    {
        _lock.EnterWriteLock();
        return new WriteScope(_lock);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>A held read lock.</summary>
    public readonly ref struct ReadScope(ReaderWriterLockSlim held) : IDisposable
    {
        public void Dispose() => held.ExitReadLock();
    }

    /// <summary>The held write lock.</summary>
    public readonly ref struct WriteScope(ReaderWriterLockSlim held) : IDisposable
    {
        public void Dispose() => held.ExitWriteLock();
    }
}
