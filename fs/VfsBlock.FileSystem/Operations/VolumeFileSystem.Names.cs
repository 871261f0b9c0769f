using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <content>Names that go and names that move.</content>
public sealed partial class VolumeFileSystem
{
    /// <inheritdoc/>
    public override Errno Unlink(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name) => _volume.Unlink(Inode(parent), name);

    /// <inheritdoc/>
    public override Errno RmDir(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name) => _volume.RemoveDirectory(Inode(parent), name);

    /// <inheritdoc/>
    public override Errno Rename(
        FuseRequest request, NodeId oldParent, ReadOnlySpan<byte> oldName, NodeId newParent, ReadOnlySpan<byte> newName, uint flags) =>
        _volume.Rename(Inode(oldParent), oldName, Inode(newParent), newName, (RenameFlags)flags, Owner(request));
}
