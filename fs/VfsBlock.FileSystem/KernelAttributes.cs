using VfsBlock.Fuse;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <summary>Attributes of inodes in the words of the protocol.</summary>
internal static class KernelAttributes
{
    /// <summary>What <c>st_blksize</c> says: reads and writes of this size are the store's own blocks.</summary>
    private const uint BlockSizeBytes = 4096;

    // st_blocks counts in 512 bytes whatever the block size (stat(2)).
    private const ulong SectorsPerBlock = BlockSizeBytes / 512;

    // STATX_BASIC_STATS and STATX_BTIME of statx(2).
    private const uint StatxMask = 0x7FF | 0x800;

    /// <summary>Fills the attributes that stat(2) shows.</summary>
    public static void Write(InodeNumber number, in InodeItem inode, ref FuseAttr attributes)
    {
        attributes.Inode = number.Value;
        attributes.Mode = inode.Mode;
        attributes.LinkCount = inode.LinkCount;
        attributes.Uid = inode.UserId;
        attributes.Gid = inode.GroupId;
        attributes.Size = inode.SizeBytes;
        attributes.Blocks = inode.BlockCount * SectorsPerBlock;
        attributes.BlockSize = BlockSizeBytes;

        // Up to 12 bits of major and 20 of minor, which is what a kernel has, makedev(3) and new_encode_dev pack alike.
        attributes.DeviceId = (uint)inode.Device;
        (attributes.AtimeSeconds, attributes.AtimeNanoseconds) = Split(inode.AccessTime);
        (attributes.MtimeSeconds, attributes.MtimeNanoseconds) = Split(inode.ModifyTime);
        (attributes.CtimeSeconds, attributes.CtimeNanoseconds) = Split(inode.ChangeTime);
    }

    /// <summary>Fills the attributes that statx(2) shows, with the time of birth.</summary>
    public static void Write(InodeNumber number, in InodeItem inode, ref FuseStatx attributes)
    {
        attributes.Mask = StatxMask;
        attributes.Inode = number.Value;
        attributes.Mode = (ushort)inode.Mode;
        attributes.LinkCount = inode.LinkCount;
        attributes.Uid = inode.UserId;
        attributes.Gid = inode.GroupId;
        attributes.Size = inode.SizeBytes;
        attributes.Blocks = inode.BlockCount * SectorsPerBlock;
        attributes.BlockSize = BlockSizeBytes;
        attributes.DeviceIdMajor = (uint)(inode.Device >> 8) & 0xFFF;
        attributes.DeviceIdMinor = ((uint)inode.Device & 0xFF) | ((uint)(inode.Device >> 12) & 0xFFF00);
        attributes.Atime = ForStatx(inode.AccessTime);
        attributes.Mtime = ForStatx(inode.ModifyTime);
        attributes.Ctime = ForStatx(inode.ChangeTime);
        attributes.Btime = ForStatx(inode.BirthTime);
    }

    /// <summary>What a SETATTR wants changed, the size aside.</summary>
    public static AttributeChange Read(in FuseSetAttrIn args, uint callerGroupId)
    {
        FuseSetAttrValid valid = args.Valid;
        AttributeFields fields = AttributeFields.None;
        void Add(FuseSetAttrValid bit, AttributeFields field) => fields |= (valid & bit) != 0 ? field : AttributeFields.None;
        Add(FuseSetAttrValid.Mode, AttributeFields.Mode);
        Add(FuseSetAttrValid.Uid, AttributeFields.UserId);
        Add(FuseSetAttrValid.Gid, AttributeFields.GroupId);
        Add(FuseSetAttrValid.Ctime, AttributeFields.ChangeTime);
        Add(FuseSetAttrValid.KillSuidGid, AttributeFields.ClearSetId);

        // The bit for "now" comes together with the one for the time itself.
        bool isAtimeNow = (valid & FuseSetAttrValid.AtimeNow) != 0;
        bool isMtimeNow = (valid & FuseSetAttrValid.MtimeNow) != 0;
        Add(FuseSetAttrValid.Atime | FuseSetAttrValid.AtimeNow, isAtimeNow ? AttributeFields.AccessTimeNow : AttributeFields.AccessTime);
        Add(FuseSetAttrValid.Mtime | FuseSetAttrValid.MtimeNow, isMtimeNow ? AttributeFields.ModifyTimeNow : AttributeFields.ModifyTime);
        return new AttributeChange
        {
            Fields = fields,
            Mode = args.Mode,
            UserId = args.Uid,
            GroupId = args.Gid,
            AccessTime = new Timestamp((long)args.AtimeSeconds, args.AtimeNanoseconds),
            ModifyTime = new Timestamp((long)args.MtimeSeconds, args.MtimeNanoseconds),
            ChangeTime = new Timestamp((long)args.CtimeSeconds, args.CtimeNanoseconds),
            CallerGroupId = callerGroupId,
        };
    }

    private static (ulong Seconds, uint Nanoseconds) Split(Timestamp time) => ((ulong)time.Seconds, time.Nanoseconds);

    private static FuseStatxTimestamp ForStatx(Timestamp time) => new() { Seconds = time.Seconds, Nanoseconds = time.Nanoseconds };
}
