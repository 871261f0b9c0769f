using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <content>Where a file has data and where holes: allocating, punching, seeking, copying.</content>
public sealed partial class MemoryFileSystem
{
    // The modes of fallocate(2) that the kernel lets a FUSE file system see.
    private const uint FallocateKeepSize = 0x01;
    private const uint FallocatePunchHole = 0x02;
    private const uint FallocateZeroRange = 0x10;

    // SEEK_DATA and SEEK_HOLE of lseek(2).
    private const uint SeekData = 3;
    private const uint SeekHole = 4;

    // One message copies at most this much, so that it does not hold two files' locks for long; the caller goes on.
    private const long MaxCopyBytes = 16 << 20;

    /// <inheritdoc/>
    public override Errno Fallocate(FuseRequest request, NodeId node, in FuseFallocateIn args)
    {
        if (Find<FileInode>(node, Errno.ENODEV, out Errno error) is not { } file)
        {
            return error;
        }

        uint mode = args.Mode & ~FallocateKeepSize;
        bool keepsSize = (args.Mode & FallocateKeepSize) != 0;
        if (mode is not (0 or FallocatePunchHole or FallocateZeroRange) || (mode == FallocatePunchHole && !keepsSize))
        {
            return Errno.EOPNOTSUPP;
        }

        if (args.Length == 0 || args.Offset > long.MaxValue || args.Length > long.MaxValue - args.Offset)
        {
            return args.Length == 0 ? Errno.EINVAL : Errno.EFBIG;
        }

        long start = (long)args.Offset;
        long end = start + (long)args.Length;
        lock (file.Lock)
        {
            // Allocated first: a range that does not fit is refused with its data untouched.
            if (mode != FallocatePunchHole && !file.Data.TryAllocate(start, end))
            {
                return Errno.ENOSPC;
            }

            if (mode == FallocatePunchHole)
            {
                file.Data.PunchHole(start, end);
            }
            else if (mode == FallocateZeroRange)
            {
                file.Data.ZeroPages(start, end);
            }

            FuseAttr attributes = file.Attributes;
            file.DataChanged(ref attributes, keepsSize ? (long)attributes.Size : Math.Max((long)attributes.Size, end));
            ChangedByCaller(file, ref attributes, request);
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Lseek(FuseRequest request, NodeId node, in FuseLseekIn args, ref FuseLseekOut reply)
    {
        if (Find<FileInode>(node, Errno.EINVAL, out Errno error) is not { } file)
        {
            return error;
        }

        if (args.Whence is not (SeekData or SeekHole))
        {
            return Errno.EINVAL;
        }

        lock (file.Lock)
        {
            ulong size = file.Attributes.Size;
            if (args.Offset >= size)
            {
                return Errno.ENXIO;
            }

            if (args.Whence == SeekHole)
            {
                reply.Offset = Math.Min(size, (ulong)file.Data.NextHole((long)args.Offset));
                return Errno.None;
            }

            long found = file.Data.NextData((long)args.Offset);
            reply.Offset = (ulong)found;
            return found < 0 || (ulong)found >= size ? Errno.ENXIO : Errno.None;
        }
    }

    /// <inheritdoc/>
    public override Errno CopyFileRange(
        FuseRequest request, NodeId node, in FuseCopyFileRangeIn args, ref ulong copiedByteCount)
    {
        if (Find<FileInode>(node, Errno.EINVAL, out Errno error) is not { } source
            || Find<FileInode>(new NodeId(args.OutNodeId), Errno.EINVAL, out error) is not { } target)
        {
            return error;
        }

        long length = (long)Math.Min(args.Length, MaxCopyBytes);
        if (args.InOffset > (ulong)(long.MaxValue - length) || args.OutOffset > (ulong)(long.MaxValue - length))
        {
            return Errno.EFBIG;
        }

        long from = (long)args.InOffset;
        long to = (long)args.OutOffset;
        if (source == target && Math.Abs(from - to) < length)
        {
            return Errno.EINVAL;
        }

        (FileInode first, FileInode second) = source.Id.Value <= target.Id.Value ? (source, target) : (target, source);
        lock (first.Lock)
        {
            lock (second.Lock)
            {
                length = Math.Min(length, Math.Max(0, (long)source.Attributes.Size - from));
                long copied = target.Data.CopyFrom(source.Data, from, to, length);
                if (copied == 0)
                {
                    return length == 0 ? Errno.None : Errno.ENOSPC;
                }

                Accessed(source);
                FuseAttr attributes = target.Attributes;
                target.DataChanged(ref attributes, Math.Max((long)attributes.Size, to + copied));
                ChangedByCaller(target, ref attributes, request);
                copiedByteCount = (ulong)copied;
                return Errno.None;
            }
        }
    }

    /// <summary>
    /// Publishes a change of content for which the kernel gives no sign when set-id bits must go, so that anybody but
    /// root loses them. The inode's lock is held.
    /// </summary>
    private static void ChangedByCaller(FileInode file, ref FuseAttr attributes, FuseRequest request)
    {
        if (request.UserId != 0)
        {
            PrivilegeRules.ClearForContent(ref attributes, request);
        }

        attributes.SetChanged(Timestamp.Now);
        file.WriteAttributes(attributes);
    }
}
