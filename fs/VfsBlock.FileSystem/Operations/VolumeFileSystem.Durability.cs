using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.FileSystem;

/// <content>
/// Durability. One flush makes everything so far durable, so fsync(2), fdatasync(2), an fsync of a directory and syncfs(2) are one thing. The serving
/// thread does not wait for it.
/// </content>
public sealed partial class VolumeFileSystem
{
    /// <inheritdoc/>
    public override Errno Fsync(FuseRequest request, NodeId node, in FuseFsyncIn args) => _flushes.Flush(request);

    /// <inheritdoc/>
    public override Errno FsyncDir(FuseRequest request, NodeId node, in FuseFsyncIn args) => _flushes.Flush(request);

    /// <inheritdoc/>
    public override Errno SyncFs(FuseRequest request, NodeId node) => _flushes.Flush(request);
}
