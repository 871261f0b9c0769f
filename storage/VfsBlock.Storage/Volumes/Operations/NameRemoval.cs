namespace VfsBlock.Storage;

/// <summary>
/// Takes a name away for good, and with an inode's last name the inode, unless somebody holds it or it is too much for this change: then an orphan is left.
/// Used in both halves of a change.
/// </summary>
/// <remarks>Lives on the stack of a change, the volume's lock held exclusively.</remarks>
internal struct NameRemoval
{
    private const int MaxWeight = 8;

    private InodeNumber _directory;
    private NameSlot _name;
    private InodeItem _inode;
    private ItemSlot _reference;
    private DoomedItems _items;

    /// <summary>True if the inode is left without a name, and nobody holds it: it is to be deleted. Only after <see cref="Apply"/>.</summary>
    public bool IsUnused { get; private set; }

    private readonly InodeNumber Inode => _name.Child;

    private readonly bool IsLastName => _inode.LinkCount == 1 || _inode.IsDirectory;

    /// <summary>Announces it.</summary>
    /// <param name="transaction">The change.</param>
    /// <param name="directory">Where the name is.</param>
    /// <param name="name">The name: it exists.</param>
    /// <param name="inode">What has it.</param>
    /// <returns>Whether to go on.</returns>
    public bool Prepare(ref VolumeTransaction transaction, InodeNumber directory, in NameSlot name, in InodeItem inode)
    {
        ref VolumeView view = ref transaction.View;
        _directory = directory;
        _name = name;
        _inode = inode;
        _items = default;
        return view.FindExistingReference(Inode, name.ReferenceFrom(directory), out _reference)
            && (inode.LinkCount > 0 || view.FailDamaged(Inode))
            && transaction.WillDelete(FileKey.Of(directory, ItemType.Dentry, name.Sub))
            && (!CanGoAtOnce(in view) || _items.CollectAll(ref transaction, Inode, MaxWeight))
            && (_items.AreAll || PrepareOrphan(ref transaction));
    }

    /// <summary>Does it.</summary>
    public void Apply(ref VolumeTransaction transaction)
    {
        transaction.Delete(FileKey.Of(_directory, ItemType.Dentry, _name.Sub));
        if (_items.AreAll)
        {
            _items.Delete(ref transaction, Inode);
            return;
        }

        transaction.Delete(FileKey.Of(Inode, ItemType.Reference, _reference.Sub));
        InodeItem changed = _inode;
        changed.ChangeTime = transaction.Now;
        changed.LinkCount = IsLastName ? 0 : _inode.LinkCount - 1;
        transaction.Update(Inode, _inode, changed);
        if (IsLastName)
        {
            transaction.Put(FileKey.Orphan(Inode), OrphanItem.Bytes);
            IsUnused = !transaction.View.Core.References.MarkOrphan(Inode);
        }
    }

    // One whose truncation is not finished has an orphan's item already.
    private readonly bool CanGoAtOnce(in VolumeView view) => IsLastName && !_inode.IsTruncationPending && !view.Core.References.IsHeld(Inode);

    private readonly bool PrepareOrphan(ref VolumeTransaction transaction) =>
        transaction.WillDelete(FileKey.Of(Inode, ItemType.Reference, _reference.Sub))
        && transaction.WillUpdate(Inode)
        && transaction.WillPut(FileKey.Orphan(Inode), OrphanItem.EncodedBytes);
}
