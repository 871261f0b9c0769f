using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>For a namespace whose files have no data.</summary>
internal sealed class NoFileData : IFileData
{
    /// <inheritdoc/>
    public bool PrepareRelease(ref VolumeTransaction transaction, InodeNumber inode, scoped in ExtentItem extent) => true;

    /// <inheritdoc/>
    public void Release(ref VolumeTransaction transaction, InodeNumber inode, scoped in ExtentItem extent)
    {
    }

    /// <inheritdoc/>
    public void Forget(InodeNumber inode)
    {
    }

    /// <inheritdoc/>
    public Errno FinishTruncation(InodeNumber inode, ref int sliceCount, out bool isFinished)
    {
        isFinished = true;
        return Errno.None;
    }
}
