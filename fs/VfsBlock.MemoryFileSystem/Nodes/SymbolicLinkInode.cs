using VfsBlock.Fuse;

namespace VfsBlock.MemoryFileSystem;

/// <summary>A symbolic link.</summary>
internal sealed class SymbolicLinkInode(NodeId id, in FuseAttr attributes, byte[] target) : Inode(id, attributes)
{
    /// <summary>What it points to, without a NUL.</summary>
    public ReadOnlySpan<byte> Target => target;
}
