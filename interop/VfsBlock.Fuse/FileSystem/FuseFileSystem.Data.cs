using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <content>Operations on the data of files, and those on open handles.</content>
public abstract partial class FuseFileSystem
{
    /// <summary>OPEN; called only where <see cref="ServesOpen"/> is true.</summary>
    public virtual Errno Open(FuseRequest request, NodeId node, in FuseOpenIn args, ref FuseOpenOut reply) =>
        Errno.ENOSYS;

    /// <summary>READ: fills <paramref name="data"/> from <see cref="FuseReadIn.Offset"/>; fewer bytes mean end of file.</summary>
    /// <param name="request">The request.</param>
    /// <param name="node">The file.</param>
    /// <param name="args">Offset, handle and flags.</param>
    /// <param name="data">Where the bytes go: <see cref="FuseReadIn.Size"/> bytes, the first at a page boundary.</param>
    /// <param name="byteCount">Bytes filled.</param>
    /// <returns>Default EINVAL (read(2): unsuitable for reading).</returns>
    public virtual Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount) => Errno.EINVAL;

    /// <summary>WRITE: writes <paramref name="data"/> at <see cref="FuseWriteIn.Offset"/> and sets the count in the reply.</summary>
    /// <param name="request">The request.</param>
    /// <param name="node">The file.</param>
    /// <param name="args">Offset, handle and flags.</param>
    /// <param name="data">The bytes, the first at a page boundary.</param>
    /// <param name="reply">Bytes written.</param>
    /// <returns>Default EINVAL (write(2): unsuitable for writing).</returns>
    public virtual Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply) =>
        Errno.EINVAL;

    /// <summary>FLUSH: a descriptor is closed; what it returns is what close(2) returns.</summary>
    /// <returns>Default ENOSYS: closing costs no message.</returns>
    public virtual Errno Flush(FuseRequest request, NodeId node, in FuseFlushIn args) => Errno.ENOSYS;

    /// <summary>RELEASE: the last descriptor of a handle is closed; nobody sees the answer.</summary>
    public virtual Errno Release(FuseRequest request, NodeId node, in FuseReleaseIn args) => Errno.None;

    /// <summary>FSYNC: the file's data, and the metadata needed to find it, are durable when it returns.</summary>
    /// <returns>Default EINVAL (fsync(2): does not support synchronization); never ENOSYS.</returns>
    public virtual Errno Fsync(FuseRequest request, NodeId node, in FuseFsyncIn args) => Errno.EINVAL;

    /// <summary>FALLOCATE, with the modes of fallocate(2).</summary>
    /// <returns>Default EOPNOTSUPP.</returns>
    public virtual Errno Fallocate(FuseRequest request, NodeId node, in FuseFallocateIn args) => Errno.EOPNOTSUPP;

    /// <summary>LSEEK: SEEK_DATA (3) and SEEK_HOLE (4) only; ENXIO beyond the end.</summary>
    /// <returns>Default ENOSYS: the whole file is data.</returns>
    public virtual Errno Lseek(FuseRequest request, NodeId node, in FuseLseekIn args, ref FuseLseekOut reply) =>
        Errno.ENOSYS;

    /// <summary>COPY_FILE_RANGE in either form; <paramref name="copiedByteCount"/> may be short.</summary>
    /// <returns>Default ENOSYS: the kernel reads and writes instead.</returns>
    public virtual Errno CopyFileRange(
        FuseRequest request, NodeId node, in FuseCopyFileRangeIn args, ref ulong copiedByteCount) => Errno.ENOSYS;

    /// <summary>SYNCFS: everything is durable when it returns. Sent on fuseblk mounts only.</summary>
    /// <returns>Default EINVAL; never ENOSYS.</returns>
    public virtual Errno SyncFs(FuseRequest request, NodeId node) => Errno.EINVAL;

    /// <summary>GETLK: tests for a lock; sent only if locks were agreed on.</summary>
    /// <returns>Default ENOLCK.</returns>
    public virtual Errno GetLock(FuseRequest request, NodeId node, in FuseLockIn args, ref FuseLockOut reply) =>
        Errno.ENOLCK;

    /// <summary>SETLK, and SETLKW where <paramref name="wait"/> is true; sent only if locks were agreed on.</summary>
    /// <returns>Default ENOLCK.</returns>
    public virtual Errno SetLock(FuseRequest request, NodeId node, in FuseLockIn args, bool wait) => Errno.ENOLCK;

    /// <summary>BMAP: fuseblk mounts only.</summary>
    /// <returns>Default ENOSYS: FIBMAP is refused.</returns>
    public virtual Errno Bmap(FuseRequest request, NodeId node, in FuseBmapIn args, ref FuseBmapOut reply) =>
        Errno.ENOSYS;

    /// <summary>IOCTL.</summary>
    /// <param name="request">The request.</param>
    /// <param name="node">The file or directory.</param>
    /// <param name="args">Command, sizes and flags.</param>
    /// <param name="input">Bytes from the caller.</param>
    /// <param name="output">Room for the bytes to the caller, after the reply struct.</param>
    /// <param name="reply">The ioctl's result.</param>
    /// <param name="byteCount">Bytes of <paramref name="output"/> that were filled.</param>
    /// <returns>Default ENOTTY (ioctl(2): the request does not apply).</returns>
    public virtual Errno Ioctl(
        FuseRequest request,
        NodeId node,
        in FuseIoctlIn args,
        ReadOnlySpan<byte> input,
        Span<byte> output,
        ref FuseIoctlOut reply,
        ref int byteCount) => Errno.ENOTTY;

    /// <summary>POLL.</summary>
    /// <returns>Default ENOSYS: always ready.</returns>
    public virtual Errno Poll(FuseRequest request, NodeId node, in FusePollIn args, ref FusePollOut reply) =>
        Errno.ENOSYS;
}
