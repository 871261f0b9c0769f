using VfsBlock.Interop;

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

    /// <summary>Forgets what is in memory of a file that is being deleted, and what was reserved for it. In a change that is being applied.</summary>
    void Forget(InodeNumber inode);

    /// <summary>Removes what lies behind the end of a file that became shorter. Not in a change: each slice is one.</summary>
    /// <param name="inode">The file. If it is deleted, or nothing is left to remove, nothing is done.</param>
    /// <param name="sliceCount">How many slices at most, and how many are left of them.</param>
    /// <param name="isFinished">True if nothing is left.</param>
    /// <returns>None, also if slices are left; otherwise why not.</returns>
    Errno FinishTruncation(InodeNumber inode, ref int sliceCount, out bool isFinished);
}
