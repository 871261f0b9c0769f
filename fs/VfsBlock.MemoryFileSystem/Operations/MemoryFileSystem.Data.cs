using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <content>
/// The data of files. Reading and writing within pages that exist allocates nothing. There is nothing more durable than
/// memory here, so all forms of fsync succeed at once.
/// </content>
public sealed partial class MemoryFileSystem
{
    /// <inheritdoc/>
    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        if (Find<FileInode>(node, Errno.EINVAL, out Errno error) is not { } file)
        {
            return error;
        }

        lock (file.Lock)
        {
            file.ReadAttributes(out FuseAttr attributes);
            if (args.Offset < attributes.Size)
            {
                byteCount = (int)Math.Min((ulong)data.Length, attributes.Size - args.Offset);
                file.Data.Read((long)args.Offset, data[..byteCount]);
            }

            Accessed(file);
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
    {
        if (Find<FileInode>(node, Errno.EINVAL, out Errno error) is not { } file)
        {
            return error;
        }

        if (args.Offset > (ulong)(long.MaxValue - data.Length))
        {
            return Errno.EFBIG;
        }

        Timestamp now = Timestamp.Now;
        lock (file.Lock)
        {
            int written = file.Data.Write((long)args.Offset, data);
            if (written == 0 && data.Length != 0)
            {
                return Errno.ENOSPC;
            }

            file.ReadAttributes(out FuseAttr attributes);
            file.DataChanged(ref attributes, (long)Math.Max(attributes.Size, args.Offset + (uint)written));
            if ((args.WriteFlags & FuseWriteFlags.KillSuidGid) != 0)
            {
                PrivilegeRules.ClearForContent(ref attributes, request);
            }

            // With the writeback cache the times are the kernel's: it sends them by SETATTR.
            if ((args.WriteFlags & FuseWriteFlags.Cache) == 0)
            {
                attributes.SetChanged(now);
            }

            file.WriteAttributes(attributes);
            reply.Size = (uint)written;
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Fsync(FuseRequest request, NodeId node, in FuseFsyncIn args) => Errno.None;

    /// <inheritdoc/>
    public override Errno FsyncDir(FuseRequest request, NodeId node, in FuseFsyncIn args) => Errno.None;

    /// <inheritdoc/>
    public override Errno SyncFs(FuseRequest request, NodeId node) => Errno.None;

    /// <summary>Records a read of the node, if atime is kept and due. The inode's lock is held.</summary>
    private void Accessed(Inode inode)
    {
        if (!_options.KeepsAccessTimes)
        {
            return;
        }

        Timestamp now = Timestamp.Now;
        inode.ReadAttributes(out FuseAttr attributes);
        if (attributes.IsAtimeDue(now))
        {
            attributes.SetAtime(now);
            inode.WriteAttributes(attributes);
        }
    }
}
