namespace VfsBlock.Storage;

/// <content>Extended attributes.</content>
internal ref partial struct VolumeView
{
    /// <summary>An extended attribute, or the place where it would go.</summary>
    /// <param name="inode">Whose.</param>
    /// <param name="name">Its name.</param>
    /// <param name="slot">Where.</param>
    /// <param name="found">What, if it is there.</param>
    public bool FindXattr(InodeNumber inode, ReadOnlySpan<byte> name, out ItemSlot slot, out XattrItem found)
    {
        found = default;
        return FindSlot(inode, ItemType.Xattr, _core.XattrHashOf(name), new XattrMatch(name), out slot, out ReadOnlySpan<byte> value)
            && (!slot.IsTaken || XattrItem.TryRead(value, out found) || FailDamaged(inode));
    }

    /// <summary>An access control list, which the inode's flags say is there.</summary>
    /// <param name="inode">Whose.</param>
    /// <param name="name">Which of the two.</param>
    /// <param name="slot">Where.</param>
    /// <param name="value">Its bytes, checked.</param>
    public bool FindAcl(InodeNumber inode, ReadOnlySpan<byte> name, out ItemSlot slot, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!FindXattr(inode, name, out slot, out XattrItem found))
        {
            return false;
        }

        value = found.Value;
        return (slot.IsTaken && found.ChunkCount == 0 && PosixAcl.IsValid(value)) || FailDamaged(inode);
    }

    /// <summary>A part of a long value.</summary>
    public bool FindXattrChunk(InodeNumber inode, ulong sub, int chunk, int valueBytes, out ReadOnlySpan<byte> bytes)
    {
        int expectedBytes = Math.Min(XattrItem.ChunkBytes, valueBytes - (chunk * XattrItem.ChunkBytes));
        return Find(FileKey.XattrData(inode, sub, chunk), out _, out bytes) && (bytes.Length == expectedBytes || FailDamaged(inode));
    }
}
