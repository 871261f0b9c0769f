using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <content>Where a file has data and where holes: allocating, punching, moving, seeking, copying.</content>
public sealed partial class VolumeFileSystem
{
    // The modes of fallocate(2).
    private const uint FallocateKeepSize = 0x01;
    private const uint FallocatePunchHole = 0x02;
    private const uint FallocateCollapse = 0x08;
    private const uint FallocateZeroRange = 0x10;
    private const uint FallocateInsert = 0x20;

    // SEEK_DATA and SEEK_HOLE of lseek(2).
    private const uint SeekData = 3;
    private const uint SeekHole = 4;

    // A message copies at most so much, so that it ends soon where blocks cannot be shared; the caller goes on.
    private const ulong MaxCopyBytes = 64 << 20;

    /// <inheritdoc/>
    public override Errno Fallocate(FuseRequest request, NodeId node, in FuseFallocateIn args)
    {
        InodeNumber inode = Inode(node);
        bool keepsSize = (args.Mode & FallocateKeepSize) != 0;
        Errno error = args.Mode switch
        {
            0 or FallocateKeepSize => _volume.Allocate(inode, args.Offset, args.Length, keepsSize),
            FallocatePunchHole | FallocateKeepSize => _volume.PunchHole(inode, args.Offset, args.Length),
            FallocateZeroRange or (FallocateZeroRange | FallocateKeepSize) => _volume.ZeroRange(inode, args.Offset, args.Length, keepsSize),
            FallocateCollapse => _volume.CollapseRange(inode, args.Offset, args.Length),
            FallocateInsert => _volume.InsertRange(inode, args.Offset, args.Length),
            _ => Errno.EOPNOTSUPP,
        };
        return error == Errno.None ? ContentChanged(request, inode) : error;
    }

    /// <inheritdoc/>
    public override Errno Lseek(FuseRequest request, NodeId node, in FuseLseekIn args, ref FuseLseekOut reply) => args.Whence switch
    {
        SeekData => _volume.SeekData(Inode(node), args.Offset, out reply.Offset),
        SeekHole => _volume.SeekHole(Inode(node), args.Offset, out reply.Offset),
        _ => Errno.EINVAL,
    };

    /// <inheritdoc/>
    public override Errno CopyFileRange(FuseRequest request, NodeId node, in FuseCopyFileRangeIn args, ref ulong copiedByteCount)
    {
        InodeNumber target = new(args.OutNodeId);
        ulong lengthBytes = Math.Min(args.Length, MaxCopyBytes);
        Errno error = _volume.CopyRange(Inode(node), args.InOffset, target, args.OutOffset, lengthBytes, out copiedByteCount);
        if (copiedByteCount == 0)
        {
            return error;
        }

        if (_options.KeepsAccessTimes)
        {
            _volume.RecordAccess(Inode(node));
        }

        return ContentChanged(request, target);
    }

    /// <summary>For changes of content where the kernel gives no sign that set-id bits must go: anybody but root loses them.</summary>
    private Errno ContentChanged(FuseRequest request, InodeNumber inode) => request.UserId == 0 ? Errno.None : ClearSetId(request, inode);
}
