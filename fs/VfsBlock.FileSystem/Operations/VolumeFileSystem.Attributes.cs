using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <content>Attributes of inodes and of the volume.</content>
public sealed partial class VolumeFileSystem
{
    // A name and its inode take some hundred bytes: what df -i shows as free inodes is what the free blocks would hold.
    private const ulong InodesPerBlock = 8;

    /// <inheritdoc/>
    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply)
    {
        Errno error = _volume.GetAttributes(Inode(node), out InodeItem attributes);
        return Reply(error, Inode(node), attributes, ref reply);
    }

    /// <inheritdoc/>
    public override Errno Statx(FuseRequest request, NodeId node, in FuseStatxIn args, ref FuseStatxOut reply)
    {
        Errno error = _volume.GetAttributes(Inode(node), out InodeItem attributes);
        if (error == Errno.None)
        {
            reply.AttrValidSeconds = CacheSeconds;
            KernelAttributes.Write(Inode(node), attributes, ref reply.Stat);
        }

        return error;
    }

    /// <inheritdoc/>
    public override Errno SetAttr(FuseRequest request, NodeId node, in FuseSetAttrIn args, ref FuseAttrOut reply)
    {
        InodeNumber inode = Inode(node);
        if ((args.Valid & FuseSetAttrValid.Size) != 0)
        {
            Errno refused = args.Size > long.MaxValue ? Errno.EFBIG : _volume.SetSize(inode, args.Size);
            if (refused != Errno.None)
            {
                return refused;
            }
        }

        AttributeChange change = KernelAttributes.Read(args, request.GroupId);
        if (change.Fields is not (AttributeFields.None or AttributeFields.ClearSetId))
        {
            Errno error = _volume.SetAttributes(inode, change, out InodeItem changed);
            return Reply(error, inode, changed, ref reply);
        }

        // A truncation has set the times already.
        Errno cleared = change.Fields == AttributeFields.None ? Errno.None : ClearSetId(request, inode);
        Errno found = _volume.GetAttributes(inode, out InodeItem attributes);
        return Reply(cleared == Errno.None ? found : cleared, inode, attributes, ref reply);
    }

    /// <inheritdoc/>
    public override Errno StatFs(FuseRequest request, NodeId node, ref FuseStatfsOut reply)
    {
        VolumeStatistics statistics = _volume.GetStatistics();
        reply.BlockSize = (uint)statistics.BlockSizeBytes;
        reply.FragmentSize = (uint)statistics.BlockSizeBytes;
        reply.NameLength = VolumeLimits.MaxNameBytes;
        reply.Blocks = statistics.TotalBlocks;
        reply.BlocksFree = statistics.FreeBlocks;
        reply.BlocksAvailable = statistics.AvailableBlocks;
        reply.FilesFree = statistics.AvailableBlocks * InodesPerBlock;
        reply.Files = statistics.InodeCount + reply.FilesFree;
        return Errno.None;
    }

    private static Errno Reply(Errno error, InodeNumber inode, in InodeItem attributes, ref FuseAttrOut reply)
    {
        if (error == Errno.None)
        {
            reply.AttrValidSeconds = CacheSeconds;
            KernelAttributes.Write(inode, attributes, ref reply.Attr);
        }

        return error;
    }
}
