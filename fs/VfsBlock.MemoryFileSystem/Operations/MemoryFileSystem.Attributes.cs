using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <content>Attributes of nodes and of the file system.</content>
public sealed partial class MemoryFileSystem
{
    // STATX_BASIC_STATS and STATX_BTIME of statx(2).
    private const uint StatxBasicMask = 0x7FF;
    private const uint StatxBirthTimeMask = 0x800;

    /// <inheritdoc/>
    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply)
    {
        if (Find<Inode>(node, Errno.None, out Errno error) is not { } inode)
        {
            return error;
        }

        reply.AttrValidSeconds = CacheSeconds;
        inode.ReadAttributes(out reply.Attr);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Statx(FuseRequest request, NodeId node, in FuseStatxIn args, ref FuseStatxOut reply)
    {
        if (Find<Inode>(node, Errno.None, out Errno error) is not { } inode)
        {
            return error;
        }

        FuseAttr attributes = inode.Attributes;
        reply.AttrValidSeconds = CacheSeconds;
        reply.Stat.Mask = StatxBasicMask | StatxBirthTimeMask;
        reply.Stat.BlockSize = attributes.BlockSize;
        reply.Stat.LinkCount = attributes.LinkCount;
        reply.Stat.Uid = attributes.Uid;
        reply.Stat.Gid = attributes.Gid;
        reply.Stat.Mode = (ushort)attributes.Mode;
        reply.Stat.Inode = attributes.Inode;
        reply.Stat.Size = attributes.Size;
        reply.Stat.Blocks = attributes.Blocks;
        reply.Stat.Atime = ForStatx(attributes.Atime());
        reply.Stat.Mtime = ForStatx(attributes.Mtime());
        reply.Stat.Ctime = ForStatx(attributes.Ctime());
        reply.Stat.Btime = ForStatx(inode.BirthTime);

        // The encoding of new_encode_dev: 12 bits of major between 8 and 12 of minor.
        reply.Stat.DeviceIdMajor = (attributes.DeviceId >> 8) & 0xFFF;
        reply.Stat.DeviceIdMinor = (attributes.DeviceId & 0xFF) | ((attributes.DeviceId >> 12) & 0xFFF00);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno SetAttr(FuseRequest request, NodeId node, in FuseSetAttrIn args, ref FuseAttrOut reply)
    {
        if (Find<Inode>(node, Errno.None, out Errno error) is not { } inode)
        {
            return error;
        }

        Timestamp now = Timestamp.Now;
        lock (inode.Lock)
        {
            FuseAttr attributes = inode.Attributes;
            Errno refused = (args.Valid & FuseSetAttrValid.Size) == 0 ? Errno.None
                : Resize(inode, ref attributes, args, now);
            if (refused != Errno.None)
            {
                return refused;
            }

            SetOwnerAndMode(inode, ref attributes, args, request);
            SetTimes(ref attributes, args, now);
            inode.WriteAttributes(attributes);
        }

        reply.AttrValidSeconds = CacheSeconds;
        inode.ReadAttributes(out reply.Attr);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno StatFs(FuseRequest request, NodeId node, ref FuseStatfsOut reply)
    {
        reply.BlockSize = PagePool.PageBytes;
        reply.FragmentSize = PagePool.PageBytes;
        reply.NameLength = FuseProtocol.MaxNameBytes;
        reply.Blocks = (ulong)_pool.CapacityPages;
        reply.BlocksFree = (ulong)_pool.FreePages;
        reply.BlocksAvailable = reply.BlocksFree;
        reply.Files = (ulong)_options.NodeLimit;
        reply.FilesFree = (ulong)Math.Max(0, _options.NodeLimit - NodeCount);
        return Errno.None;
    }

    private static Errno Resize(Inode inode, ref FuseAttr attributes, in FuseSetAttrIn args, Timestamp now)
    {
        if (inode is not FileInode file)
        {
            return inode is DirectoryInode ? Errno.EISDIR : Errno.EINVAL;
        }

        if (args.Size > long.MaxValue)
        {
            return Errno.EFBIG;
        }

        file.Resize(ref attributes, (long)args.Size, now);
        return Errno.None;
    }

    private static void SetOwnerAndMode(
        Inode inode, ref FuseAttr attributes, in FuseSetAttrIn args, FuseRequest request)
    {
        bool killsPrivileges = (args.Valid & FuseSetAttrValid.KillSuidGid) != 0;
        if ((args.Valid & (FuseSetAttrValid.Uid | FuseSetAttrValid.Gid)) != 0)
        {
            attributes.Uid = (args.Valid & FuseSetAttrValid.Uid) != 0 ? args.Uid : attributes.Uid;
            attributes.Gid = (args.Valid & FuseSetAttrValid.Gid) != 0 ? args.Gid : attributes.Gid;
            PrivilegeRules.RemoveCapabilities(inode);
            if (killsPrivileges)
            {
                PrivilegeRules.ClearForOwner(ref attributes);
            }
        }
        else if (killsPrivileges)
        {
            PrivilegeRules.ClearForContent(ref attributes, request);
        }

        if ((args.Valid & FuseSetAttrValid.Mode) != 0)
        {
            attributes.Mode = (attributes.Mode & ModeBits.TypeMask) | (args.Mode & ModeBits.PermissionMask);
        }
    }

    private static void SetTimes(ref FuseAttr attributes, in FuseSetAttrIn args, Timestamp now)
    {
        // What says how the request came, and not what to change, leaves ctime alone.
        const FuseSetAttrValid NoChange = FuseSetAttrValid.FileHandle | FuseSetAttrValid.LockOwner;
        if ((args.Valid & ~NoChange) == 0)
        {
            return;
        }

        if ((args.Valid & (FuseSetAttrValid.Atime | FuseSetAttrValid.AtimeNow)) != 0)
        {
            attributes.SetAtime((args.Valid & FuseSetAttrValid.AtimeNow) != 0
                ? now : new Timestamp((long)args.AtimeSeconds, args.AtimeNanoseconds));
        }

        if ((args.Valid & (FuseSetAttrValid.Mtime | FuseSetAttrValid.MtimeNow)) != 0)
        {
            attributes.SetMtime((args.Valid & FuseSetAttrValid.MtimeNow) != 0
                ? now : new Timestamp((long)args.MtimeSeconds, args.MtimeNanoseconds));
        }

        attributes.SetCtime((args.Valid & FuseSetAttrValid.Ctime) != 0
            ? new Timestamp((long)args.CtimeSeconds, args.CtimeNanoseconds) : now);
    }

    private static FuseStatxTimestamp ForStatx(Timestamp time) =>
        new() { Seconds = time.Seconds, Nanoseconds = time.Nanoseconds };
}
