using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <content>Operations that add, remove and move names. Every entry reply counts one lookup on its node.</content>
public abstract partial class FuseFileSystem
{
    /// <summary>READLINK: fills <paramref name="target"/>, without a NUL.</summary>
    /// <returns>Default EINVAL (readlink(2): not a symbolic link).</returns>
    public virtual Errno ReadLink(FuseRequest request, NodeId node, Span<byte> target, ref int byteCount) =>
        Errno.EINVAL;

    /// <summary>SYMLINK.</summary>
    /// <returns>Default EPERM (symlink(2): the file system has none).</returns>
    public virtual Errno SymLink(
        FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, ref FuseEntryOut reply) =>
        Errno.EPERM;

    /// <summary>MKNOD: a regular file, device, FIFO or socket.</summary>
    /// <returns>Default EPERM.</returns>
    public virtual Errno MkNod(
        FuseRequest request, NodeId parent, in FuseMknodIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply) =>
        Errno.EPERM;

    /// <summary>MKDIR.</summary>
    /// <returns>Default EPERM.</returns>
    public virtual Errno MkDir(
        FuseRequest request, NodeId parent, in FuseMkdirIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply) =>
        Errno.EPERM;

    /// <summary>CREATE: makes a regular file and opens it. Also sent for an existing name that the kernel did not know.</summary>
    /// <returns>Default ENOSYS: the kernel uses MKNOD and OPEN.</returns>
    public virtual Errno Create(
        FuseRequest request, NodeId parent, in FuseCreateIn args, ReadOnlySpan<byte> name, ref FuseCreateOut reply) =>
        Errno.ENOSYS;

    /// <summary>TMPFILE: an open file that has no name (O_TMPFILE).</summary>
    /// <returns>Default EOPNOTSUPP.</returns>
    public virtual Errno TmpFile(FuseRequest request, NodeId parent, in FuseCreateIn args, ref FuseCreateOut reply) =>
        Errno.EOPNOTSUPP;

    /// <summary>LINK: a second name for <paramref name="node"/>.</summary>
    /// <returns>Default EPERM (link(2): the file system has none).</returns>
    public virtual Errno Link(
        FuseRequest request, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, ref FuseEntryOut reply) =>
        Errno.EPERM;

    /// <summary>UNLINK. The node lives on while it is open or looked up.</summary>
    /// <returns>Default EPERM.</returns>
    public virtual Errno Unlink(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name) => Errno.EPERM;

    /// <summary>RMDIR.</summary>
    /// <returns>Default EPERM.</returns>
    public virtual Errno RmDir(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name) => Errno.EPERM;

    /// <summary>RENAME and RENAME2.</summary>
    /// <param name="request">The request.</param>
    /// <param name="oldParent">The directory that holds the name now.</param>
    /// <param name="oldName">The name now.</param>
    /// <param name="newParent">The directory that is to hold it.</param>
    /// <param name="newName">The name to be.</param>
    /// <param name="flags">RENAME_NOREPLACE (1), RENAME_EXCHANGE (2), RENAME_WHITEOUT (4): renameat2(2).</param>
    /// <returns>Default EPERM. EINVAL for a flag that the file system lacks.</returns>
    public virtual Errno Rename(
        FuseRequest request,
        NodeId oldParent,
        ReadOnlySpan<byte> oldName,
        NodeId newParent,
        ReadOnlySpan<byte> newName,
        uint flags) => Errno.EPERM;

    /// <summary>OPENDIR.</summary>
    /// <returns>Default ENOSYS: opening a directory costs no message and its listing is cached.</returns>
    public virtual Errno OpenDir(FuseRequest request, NodeId node, in FuseOpenIn args, ref FuseOpenOut reply) =>
        Errno.ENOSYS;

    /// <summary>
    /// READDIR: adds entries from the cookie <see cref="FuseReadIn.Offset"/> on until there are no more or the writer is
    /// full. A cookie stays valid whatever is added or removed; 0 is the start.
    /// </summary>
    /// <returns>Default ENOTDIR.</returns>
    public virtual Errno ReadDir(FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryWriter entries) =>
        Errno.ENOTDIR;

    /// <summary>
    /// READDIRPLUS: as <see cref="ReadDir"/>, with attributes. Each entry with a node id counts one lookup, except "." and
    /// "..", whose node id is to be 0.
    /// </summary>
    /// <returns>
    /// Default ENOTDIR. Sent only if <see cref="FuseInitFlags.DoReadDirPlus"/> was agreed; the kernel does not fall back.
    /// </returns>
    public virtual Errno ReadDirPlus(
        FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryPlusWriter entries) => Errno.ENOTDIR;

    /// <summary>RELEASEDIR.</summary>
    public virtual Errno ReleaseDir(FuseRequest request, NodeId node, in FuseReleaseIn args) => Errno.None;

    /// <summary>FSYNCDIR: entries of the directory are durable when it returns.</summary>
    /// <returns>Default EINVAL (fsync(2): does not support synchronization); never ENOSYS.</returns>
    public virtual Errno FsyncDir(FuseRequest request, NodeId node, in FuseFsyncIn args) => Errno.EINVAL;
}
