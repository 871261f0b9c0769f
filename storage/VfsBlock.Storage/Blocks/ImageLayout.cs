namespace VfsBlock.Storage;

/// <summary>Where things lie in an image with a given block size (FORMAT.md section 1). Arithmetic only; any thread may use it.</summary>
/// <param name="BlockSizeBytes">The block size: a multiple of 4096, at most 65536.</param>
internal readonly record struct ImageLayout(int BlockSizeBytes)
{
    public const int PageBytes = 4096;
    public const int MaxBlockSizeBytes = 65536;
    public const int BlocksPerGroup = 262144;
    public const int BitmapBytes = BlocksPerGroup / 8;
    public const int GroupsPerPage = 128;
    public const int MaxPageCount = 480;
    public const int RootRecordBytes = 8192;
    public const int RootSlotCount = 16;
    public const long RootRingOffsetBytes = 65536;
    public const long SuperblockCopyOffsetBytes = 196608;
    public const long FixedBytes = 262144;

    /// <summary>No image has more blocks: its root record could not name the descriptors.</summary>
    public const ulong MaxSizeBlocks = (ulong)MaxPageCount * GroupsPerPage * BlocksPerGroup;

    public ulong FirstGroupBlock => (ulong)BlocksOf(FixedBytes);

    public int BitmapBlocks => BlocksOf(BitmapBytes);

    public int DescriptorBlocks => BlocksOf(PageBytes);

    /// <summary>The smallest image: the first group's reserved blocks and one more.</summary>
    public ulong MinSizeBlocks => FirstGroupBlock + (ulong)ReservedBlocks(0) + 1;

    public static bool IsBlockSize(long bytes) => bytes > 0 && bytes % PageBytes == 0 && bytes <= MaxBlockSizeBytes;

    public static int PageOf(int group) => group / GroupsPerPage;

    public static int PageCount(int groupCount) => (groupCount + GroupsPerPage - 1) / GroupsPerPage;

    public ulong GroupStart(int group) => FirstGroupBlock + ((ulong)group * BlocksPerGroup);

    public int GroupOf(ulong block) => (int)((block - FirstGroupBlock) / BlocksPerGroup);

    public int GroupCount(ulong sizeBlocks) => (int)((sizeBlocks - FirstGroupBlock + BlocksPerGroup - 1) / BlocksPerGroup);

    /// <summary>How many blocks of the group exist in an image of that size.</summary>
    public int BlocksInGroup(int group, ulong sizeBlocks) =>
        sizeBlocks <= GroupStart(group) ? 0 : (int)Math.Min(BlocksPerGroup, sizeBlocks - GroupStart(group));

    public int ReservedBlocks(int group) => (2 * BitmapBlocks) + (group % GroupsPerPage == 0 ? 2 * DescriptorBlocks : 0);

    /// <summary>True if the block, in a group, belongs to the format.</summary>
    public bool IsReserved(ulong block) => block - GroupStart(GroupOf(block)) < (ulong)ReservedBlocks(GroupOf(block));

    public long BitmapOffsetBytes(int group, int slot) => BytesOf(GroupStart(group) + (ulong)(slot * BitmapBlocks));

    public long DescriptorOffsetBytes(int page, int slot) =>
        BytesOf(GroupStart(page * GroupsPerPage) + (ulong)((2 * BitmapBlocks) + (slot * DescriptorBlocks)));

    public long BytesOf(ulong block) => (long)block * BlockSizeBytes;

    /// <summary>True if the image may end there: the last group's reserved blocks exist, and at least one more.</summary>
    public bool IsSize(ulong sizeBlocks)
    {
        if (sizeBlocks < MinSizeBlocks || sizeBlocks > FirstGroupBlock + MaxSizeBlocks)
        {
            return false;
        }

        int last = GroupCount(sizeBlocks) - 1;
        return BlocksInGroup(last, sizeBlocks) > ReservedBlocks(last);
    }

    /// <summary>The largest size at which an image may end that is not more than this one; 0 if there is none.</summary>
    public ulong FloorSize(ulong sizeBlocks)
    {
        sizeBlocks = Math.Min(sizeBlocks, FirstGroupBlock + MaxSizeBlocks);
        return sizeBlocks < MinSizeBlocks ? 0
            : IsSize(sizeBlocks) ? sizeBlocks
            : GroupStart(GroupCount(sizeBlocks) - 1);
    }

    private int BlocksOf(long bytes) => (int)((bytes + BlockSizeBytes - 1) / BlockSizeBytes);
}
