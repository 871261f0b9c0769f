using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Names, and the references that lead back from an inode to its names.</content>
internal ref partial struct VolumeView
{
    /// <summary>A name in a directory, or the place where it would go. Whether that is a directory is not asked.</summary>
    /// <param name="directory">Where to look.</param>
    /// <param name="name">What for: any bytes; ENAMETOOLONG above 255.</param>
    /// <param name="found">What was found.</param>
    public bool FindName(InodeNumber directory, ReadOnlySpan<byte> name, out NameSlot found)
    {
        found = default;
        if (name.Length > VolumeLimits.MaxNameBytes)
        {
            return Fail(Errno.ENAMETOOLONG);
        }

        if (!FindSlot(directory, ItemType.Dentry, _core.HashOf(name), new NameMatch(name), out ItemSlot slot, out ReadOnlySpan<byte> value))
        {
            return false;
        }

        found.Slot = slot;
        if (slot.IsTaken && DentryItem.TryRead(value, out DentryItem dentry))
        {
            found.Child = dentry.Child;
            found.Type = dentry.Type;
        }

        return true;
    }

    /// <summary>A name that must be there: ENOENT if it is not; ENOTDIR and ESTALE if there is no such directory.</summary>
    public bool FindExistingName(InodeNumber directory, ReadOnlySpan<byte> name, out InodeItem inode, out NameSlot found)
    {
        found = default;
        return FindDirectory(directory, out inode) && FindName(directory, name, out found) && (found.Exists || Fail(Errno.ENOENT));
    }

    /// <summary>The item of an inode that says it has that name, or the place where it would go.</summary>
    public bool FindReference(InodeNumber inode, RefItem reference, out ItemSlot slot) =>
        FindSlot(inode, ItemType.Reference, _core.HashOf(reference), new RefMatch(reference), out slot, out _);

    /// <summary>The item of an inode that says it has that name: it must be there.</summary>
    public bool FindExistingReference(InodeNumber inode, RefItem reference, out ItemSlot slot) =>
        FindReference(inode, reference, out slot) && (slot.IsTaken || FailDamaged(inode));

    /// <summary>The directory that holds a directory: itself for the root, none for one that was removed.</summary>
    public bool FindParent(InodeNumber directory, out InodeNumber parent)
    {
        parent = directory;
        if (directory == InodeNumber.Root)
        {
            return true;
        }

        if (!FindNext(directory, ItemType.Reference, 0, out bool exists, out TreeItem item))
        {
            return false;
        }

        parent = InodeNumber.None;
        if (!exists)
        {
            return true;
        }

        if (!RefItem.TryRead(item.Value, out RefItem reference))
        {
            return FailDamaged(directory);
        }

        parent = reference.Parent;
        return true;
    }

    /// <summary>Whether a directory is another, or lies below it.</summary>
    public bool IsWithin(InodeNumber directory, InodeNumber other, out bool isWithin)
    {
        isWithin = directory == other;
        for (ulong stepCount = 0; !isWithin && directory != InodeNumber.Root && !directory.IsNone; stepCount++)
        {
            // A damaged image can lead in a circle.
            if (stepCount > _core.NextInode.Value)
            {
                return FailDamaged(directory);
            }

            if (!FindParent(directory, out directory))
            {
                return false;
            }

            isWithin = directory == other;
        }

        return true;
    }

    /// <summary>ENOTEMPTY unless a directory holds no name.</summary>
    public bool RequireEmpty(InodeNumber directory) =>
        FindNext(directory, ItemType.Dentry, 0, out bool exists, out _) && (!exists || Fail(Errno.ENOTEMPTY));

    /// <summary>Finds the item that matches among those of one hash, or the first free number there.</summary>
    private bool FindSlot<TMatch>(
        InodeNumber inode, ItemType type, ulong hash, scoped TMatch wanted, out ItemSlot slot, out ReadOnlySpan<byte> value)
        where TMatch : IItemMatch, allows ref struct
    {
        slot = default;
        value = default;
        TreeKey first = FileKey.Of(inode, type, FileKey.FirstSub(hash));
        ulong freeNumber = 0;
        var cursor = new TreeCursor(_core.Files);
        TreeStatus status = cursor.SeekCeiling(first);
        while (status == TreeStatus.Ok && cursor.Key.High == first.High && cursor.Key.Low - first.Low < FileKey.SlotCount)
        {
            ulong number = cursor.Key.Low - first.Low;
            if (wanted.Matches(cursor.Value) is not { } matches)
            {
                return FailDamaged(inode);
            }

            if (matches)
            {
                slot = ItemSlot.Taken(first.Sub() + number);
                value = cursor.Value;
                return true;
            }

            freeNumber += number == freeNumber ? 1UL : 0;
            status = cursor.MoveNext();
        }

        slot = freeNumber < FileKey.SlotCount ? ItemSlot.Free(first.Sub() + freeNumber) : ItemSlot.Full;
        return Check(status, cursor.Cold);
    }
}
