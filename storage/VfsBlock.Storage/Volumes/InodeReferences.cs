using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>
/// Which inodes are in use from outside (open, or known to a kernel), and how often: such an inode outlives its last name. It lives in memory only; after a
/// crash nobody uses anything.
/// </summary>
/// <remarks>
/// Threads: any; its lock is the last in the order. A count goes up only while the volume's lock is held, at least shared, so a change, which holds it
/// exclusively, decides on counts that can only go down.
/// </remarks>
internal sealed class InodeReferences
{
    private readonly Lock _lock = new();
    private readonly Dictionary<InodeNumber, Holder> _holders = [];

    /// <summary>How many inodes are in use.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _holders.Count;
            }
        }
    }

    /// <summary>One more use.</summary>
    /// <param name="inode">Of what.</param>
    /// <param name="isOrphan">True if it has no name.</param>
    public void Add(InodeNumber inode, bool isOrphan)
    {
        lock (_lock)
        {
            ref Holder holder = ref CollectionsMarshal.GetValueRefOrAddDefault(_holders, inode, out _);
            holder.Count++;
            holder.IsOrphan |= isOrphan;
        }
    }

    /// <summary>Uses end.</summary>
    /// <param name="inode">Of what.</param>
    /// <param name="count">How many.</param>
    /// <returns>True if it was the last, and the inode has no name: it is to be deleted.</returns>
    /// <exception cref="InvalidOperationException">There are not so many.</exception>
    public bool Remove(InodeNumber inode, ulong count)
    {
        lock (_lock)
        {
            ref Holder holder = ref CollectionsMarshal.GetValueRefOrNullRef(_holders, inode);
            if (Unsafe.IsNullRef(ref holder) || holder.Count < count)
            {
                throw new InvalidOperationException($"{count} uses of {inode} end, which is more than there are.");
            }

            holder.Count -= count;
            bool isLast = holder.Count == 0;
            bool isOrphan = holder.IsOrphan;
            if (isLast)
            {
                _holders.Remove(inode);
            }

            return isLast && isOrphan;
        }
    }

    /// <summary>Nobody uses anything any more.</summary>
    /// <returns>The inodes that have no name: they are to be deleted.</returns>
    public InodeNumber[] Clear()
    {
        lock (_lock)
        {
            InodeNumber[] orphans = [.. _holders.Where(holder => holder.Value.IsOrphan).Select(holder => holder.Key)];
            _holders.Clear();
            return orphans;
        }
    }

    /// <summary>True if anybody uses the inode.</summary>
    public bool IsHeld(InodeNumber inode)
    {
        lock (_lock)
        {
            return _holders.ContainsKey(inode);
        }
    }

    /// <summary>The inode lost its last name.</summary>
    /// <returns>False if nobody uses it either: it is to be deleted.</returns>
    public bool MarkOrphan(InodeNumber inode)
    {
        lock (_lock)
        {
            ref Holder holder = ref CollectionsMarshal.GetValueRefOrNullRef(_holders, inode);
            if (Unsafe.IsNullRef(ref holder))
            {
                return false;
            }

            holder.IsOrphan = true;
            return true;
        }
    }

    /// <summary>A new inode that has no name yet and is used by who made it (O_TMPFILE of open(2)).</summary>
    public void AddTemporary(InodeNumber inode)
    {
        lock (_lock)
        {
            _holders[inode] = new Holder { Count = 1, IsOrphan = true, IsTemporary = true };
        }
    }

    /// <summary>True if the inode never had a name, so that it may be given one (link(2)).</summary>
    public bool IsTemporary(InodeNumber inode)
    {
        lock (_lock)
        {
            return _holders.TryGetValue(inode, out Holder holder) && holder.IsTemporary;
        }
    }

    /// <summary>A temporary inode has a name now.</summary>
    public void Named(InodeNumber inode)
    {
        lock (_lock)
        {
            ref Holder holder = ref CollectionsMarshal.GetValueRefOrNullRef(_holders, inode);
            holder.IsOrphan = false;
            holder.IsTemporary = false;
        }
    }

    private struct Holder
    {
        public ulong Count;
        public bool IsOrphan;
        public bool IsTemporary;
    }
}
