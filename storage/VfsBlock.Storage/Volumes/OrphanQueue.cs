namespace VfsBlock.Storage;

/// <summary>Inodes that are to be deleted and take longer than one request should.</summary>
/// <remarks>Threads: any; its lock is taken with no other.</remarks>
internal sealed class OrphanQueue
{
    private readonly Lock _lock = new();
    private readonly Queue<InodeNumber> _inodes = new();

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _inodes.Count;
            }
        }
    }

    /// <summary>Puts an inode at the end.</summary>
    public void Add(InodeNumber inode)
    {
        lock (_lock)
        {
            _inodes.Enqueue(inode);
        }
    }

    /// <summary>Takes the first.</summary>
    public bool TryTake(out InodeNumber inode)
    {
        lock (_lock)
        {
            return _inodes.TryDequeue(out inode);
        }
    }
}
