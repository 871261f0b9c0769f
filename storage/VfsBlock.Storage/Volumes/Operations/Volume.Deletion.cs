using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>
/// Deletion of inodes without a name. It goes in slices from an inode's last item to its first, each slice a change of its own, so that a file of a terabyte
/// never makes a change that does not fit the log; the orphan's item stays until the end, so a crash in between loses nothing.
/// </content>
public sealed partial class Volume
{
    private const int InlineSliceCount = 2;

    /// <summary>How many inodes wait for <see cref="DeleteOrphans"/>.</summary>
    public int PendingDeletionCount => _core.Orphans.Count;

    /// <summary>
    /// Goes on deleting what unlink and release left because it was too much for one request. With <see cref="VolumeOptions.Maintenance"/> the volume does so by itself;
    /// otherwise call it from time to time, off the request path.
    /// </summary>
    /// <param name="sliceCount">How many slices at most: each is a change of some dozen items.</param>
    /// <returns>Only what every method may answer; what was not deleted stays for the next call.</returns>
    public Errno DeleteOrphans(int sliceCount = int.MaxValue)
    {
        Errno error = Errno.None;
        while (error == Errno.None && sliceCount > 0 && _core.Orphans.TryTake(out InodeNumber inode))
        {
            error = Delete(inode, ref sliceCount);
        }

        return error;
    }

    /// <summary>Puts every orphan of an image that was just opened into the queue: nobody holds any.</summary>
    internal Errno FindOrphans()
    {
        Errno error;
        var search = new OrphanSearch();
        do
        {
            error = _core.Query(ref search);
        }
        while (error == Errno.None && search.MoveNext(_core.Orphans));

        return error;
    }

    /// <summary>Deletes an inode that nobody can reach: at once if it is small, otherwise the rest is left for later.</summary>
    private Errno BeginDeletion(InodeNumber inode)
    {
        int sliceCount = InlineSliceCount;
        Errno error = Delete(inode, ref sliceCount);

        // The name is gone and the caller got what it asked for; what could not be deleted now waits in the queue.
        return error is Errno.ENOSPC or Errno.EBUSY ? Errno.None : error;
    }

    private Errno Delete(InodeNumber inode, ref int sliceCount)
    {
        var slice = new DeletionSlice { Inode = inode };
        Errno error = Errno.None;
        while (error == Errno.None && !slice.IsLast && sliceCount-- > 0)
        {
            error = _core.Change(ref slice, ChangeRight.Deleting);
            if (error == Errno.ENOSPC && slice.MaxWeight > 1)
            {
                // A smaller one needs fewer nodes, and frees space too.
                slice.MaxWeight /= 2;
                error = Errno.None;
            }
        }

        bool isFinished = slice.IsLast;
        if (error == Errno.ESTALE)
        {
            // It has a name, or is gone. If it has one, it may be here because it became shorter.
            error = _core.Data.FinishTruncation(inode, ref sliceCount, out isFinished);
        }

        if (!isFinished)
        {
            _core.LeaveForLater(inode);
        }

        return error;
    }

    private struct DeletionSlice : IVolumeChange
    {
        public InodeNumber Inode;

        /// <summary>How much work a slice is at most.</summary>
        public int MaxWeight = DoomedItems.MaxWeight;

        /// <summary>True once the inode is gone. Only what was applied may say so.</summary>
        public bool IsLast;
        private DoomedItems _items;

        public DeletionSlice()
        {
        }

        public bool Prepare(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            if (!view.FindInode(Inode, out InodeItem inode))
            {
                return false;
            }

            if (inode.LinkCount > 0 || view.Core.References.IsHeld(Inode))
            {
                // Somebody found it by its number and holds it, or gave it a name: it is not to be deleted.
                return view.Fail(Errno.ESTALE);
            }

            return _items.Collect(ref transaction, Inode, MaxWeight)
                && (!_items.AreAll || transaction.WillDelete(FileKey.Orphan(Inode)));
        }

        public void Apply(ref VolumeTransaction transaction)
        {
            _items.Delete(ref transaction, Inode);
            IsLast = _items.AreAll;
            if (IsLast)
            {
                transaction.Delete(FileKey.Orphan(Inode));
            }
        }
    }

    private struct OrphanSearch : IVolumeQuery
    {
        private ulong _from;
        private InodeNumber _found;

        public bool Run(ref VolumeView view)
        {
            bool goesOn = view.FindNext(InodeNumber.None, ItemType.Orphan, _from, out bool exists, out TreeItem item);
            _found = exists ? new InodeNumber(item.Key.Sub()) : InodeNumber.None;
            return goesOn;
        }

        /// <summary>Takes what was found.</summary>
        /// <returns>False if that was all.</returns>
        public bool MoveNext(OrphanQueue queue)
        {
            if (_found.IsNone)
            {
                return false;
            }

            queue.Add(_found);
            _from = _found.Value + 1;
            return _from <= FileKey.MaxSub;
        }
    }
}
