namespace VfsBlock.Storage;

/// <summary>What the namespace asks of the part that keeps files' data: to give back an extent whose item goes.</summary>
/// <remarks>Called in a change, the volume's lock held exclusively, both halves in the same hold.</remarks>
internal interface IFileData
{
    /// <summary>Announces what giving the extent back will change, besides its item.</summary>
    /// <returns>Whether to go on, as <see cref="IVolumeChange.Prepare"/>.</returns>
    bool PrepareRelease(ref VolumeTransaction transaction, InodeNumber inode, scoped in ExtentItem extent);

    /// <summary>Gives it back. The namespace deletes the item afterwards.</summary>
    void Release(ref VolumeTransaction transaction, InodeNumber inode, scoped in ExtentItem extent);
}
