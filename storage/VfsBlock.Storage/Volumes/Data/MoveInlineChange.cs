using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Moves the bytes of a small file out of its own item into a block, where extents can be worked with. What is read from the file stays the same.</summary>
/// <remarks>Lives on the stack. One block must be reserved.</remarks>
/// <param name="owner">Whose write buffer takes the block.</param>
/// <param name="inode">A regular file.</param>
internal struct MoveInlineChange(FileData owner, InodeNumber inode) : IVolumeChange
{
    private readonly FileData _owner = owner;
    private readonly InodeNumber _inode = inode;
    private InodeItem _before;
    private bool _isInline;

    /// <summary>True if the change could not go on because writes are paused.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>How many blocks became dirty that were not.</summary>
    public int DirtiedBlockCount { get; private set; }

    /// <inheritdoc/>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        ref VolumeView view = ref transaction.View;
        IsPaused = false;
        if (!FileData.FindRegular(ref view, _inode, out _before) || !view.RequireMutable(in _before) || !FileData.FindInline(ref view, _inode, in _before, out _isInline))
        {
            return false;
        }

        if (!_isInline)
        {
            return true;
        }

        IsPaused = _owner.IsPaused;
        return (!IsPaused || view.Fail(Errno.EAGAIN))
            && (_owner.Buffer.FreeCount > 0 || view.Fail(Errno.EAGAIN))
            && transaction.WillUpdate(_inode)
            && transaction.WillDelete(FileKey.Of(_inode, ItemType.Inline));
    }

    /// <inheritdoc/>
    public void Apply(ref VolumeTransaction transaction)
    {
        if (!_isInline)
        {
            return;
        }

        TreeKey key = FileKey.Of(_inode, ItemType.Inline);
        transaction.View.Find(key, out _, out ReadOnlySpan<byte> value);
        Span<byte> bytes = _owner.OpenBlock(_inode, 0, BlockCover.Hole, out bool isNew);
        value.CopyTo(bytes);
        bytes[value.Length..].Clear();
        DirtiedBlockCount += isNew ? 1 : 0;
        transaction.Delete(key);
        InodeItem after = _before;
        after.BlockCount++;
        transaction.Update(_inode, in _before, in after);
    }
}
