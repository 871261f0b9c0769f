using static FormatReading.FormatBytes;

namespace FormatReading;

/// <summary>Section 1.3: which blocks are in use, as the bitmaps say.</summary>
internal sealed class FormatGroups
{
    public const int BlocksPerGroup = 262144;

    private const int FixedBytes = 262144;
    private const int BitmapBytes = BlocksPerGroup / 8;
    private const int GroupsPerPage = 128;
    private const int PageBytes = 4096;

    private readonly Func<long, int, byte[]> _read;
    private readonly ulong _blockBytes;
    private readonly FormatRoot _root;

    public FormatGroups(Func<long, int, byte[]> read, FormatSuperblock superblock, FormatRoot root)
    {
        _read = read;
        _blockBytes = (ulong)superblock.BlockBytes;
        _root = root;
        FirstBlock = Blocks(FixedBytes);
        ulong count = (root.SizeBlocks - FirstBlock + BlocksPerGroup - 1) / BlocksPerGroup;
        Demand((ulong)root.PageCount == (count + GroupsPerPage - 1) / GroupsPerPage, $"{root.PageCount} descriptor pages for {count} groups");
        for (ulong group = 0; group < count; group++)
        {
            Load(group);
        }

        Demand(FreeBlocks == root.FreeBlocks, $"{FreeBlocks} blocks are free, the root says {root.FreeBlocks}");
    }

    public ulong FirstBlock { get; }

    /// <summary>Blocks that are the format's own.</summary>
    public HashSet<ulong> Reserved { get; } = [];

    public HashSet<ulong> InUse { get; } = [];

    private ulong FreeBlocks { get; set; }

    private void Load(ulong group)
    {
        ulong start = FirstBlock + (group * BlocksPerGroup);
        ulong reservedCount = (2 * Blocks(BitmapBytes)) + (group % GroupsPerPage == 0 ? 2 * Blocks(PageBytes) : 0);
        ulong blockCount = Math.Min(BlocksPerGroup, _root.SizeBlocks - start);
        Demand(blockCount > reservedCount, $"group {group} has no block but reserved ones");
        byte[] bitmap = Bitmap(group, start, reservedCount, blockCount, out uint freeCount);
        ulong counted = 0;
        for (ulong index = 0; index < BlocksPerGroup; index++)
        {
            bool isInUse = (bitmap[index / 8] >> (int)(index % 8) & 1) != 0;
            Demand(isInUse || (index >= reservedCount && index < blockCount), $"block {start + index} cannot be free");
            counted += isInUse ? 0UL : 1UL;
            if (index < reservedCount)
            {
                Reserved.Add(start + index);
            }
            else if (isInUse && index < blockCount)
            {
                InUse.Add(start + index);
            }
        }

        Demand(counted == freeCount, $"group {group} has {counted} free blocks, its descriptor says {freeCount}");
        FreeBlocks += counted;
    }

    private byte[] Bitmap(ulong group, ulong start, ulong reservedCount, ulong blockCount, out uint freeCount)
    {
        freeCount = (uint)(blockCount - reservedCount);
        byte[]? page = DescriptorPage((int)(group / GroupsPerPage));
        ReadOnlySpan<byte> descriptor = page.AsSpan((int)(group % GroupsPerPage) * 32);
        if (page is null || (U32(descriptor, 4) & 2) == 0)
        {
            byte[] untouched = new byte[BitmapBytes];
            for (ulong index = 0; index < BlocksPerGroup; index++)
            {
                untouched[index / 8] |= index < reservedCount || index >= blockCount ? (byte)(1 << (int)(index % 8)) : (byte)0;
            }

            return untouched;
        }

        freeCount = U32(descriptor, 8);
        ulong slot = U32(descriptor, 4) & 1;
        byte[] bitmap = _read((long)((start + (slot * Blocks(BitmapBytes))) * _blockBytes), BitmapBytes);
        Demand(Checksum(bitmap) == U32(descriptor, 0), $"the bitmap of group {group} has another checksum");
        return bitmap;
    }

    private byte[]? DescriptorPage(int page)
    {
        uint flags = U32(_root.Pages, (8 * page) + 4);
        if ((flags & 2) == 0)
        {
            return null;
        }

        ulong group = FirstBlock + ((ulong)page * GroupsPerPage * BlocksPerGroup);
        ulong block = group + (2 * Blocks(BitmapBytes)) + ((flags & 1) * Blocks(PageBytes));
        byte[] bytes = _read((long)(block * _blockBytes), PageBytes);
        Demand(Checksum(bytes) == U32(_root.Pages, 8 * page), $"descriptor page {page} has another checksum");
        return bytes;
    }

    private ulong Blocks(ulong bytes) => (bytes + _blockBytes - 1) / _blockBytes;
}
