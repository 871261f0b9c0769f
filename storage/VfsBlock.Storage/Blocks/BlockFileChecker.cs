using System.Globalization;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Checks what every image has: superblocks, root records, descriptors, bitmaps, counts, redo list. Reads only; needs memory for one bitmap.
/// What the blocks hold is somebody else's to check.
/// </summary>
/// <remarks>Used by one thread, on a device that nobody writes.</remarks>
public sealed class BlockFileChecker
{
    private readonly IBlockDevice _device;
    private readonly List<BlockFileFinding> _findings = [];

    private BlockFileChecker(IBlockDevice device) => _device = device;

    /// <summary>Checks an image.</summary>
    /// <param name="device">What it lies on.</param>
    /// <returns>What is wrong; empty if nothing is.</returns>
    public static IReadOnlyList<BlockFileFinding> Check(IBlockDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var checker = new BlockFileChecker(device);
        Superblock? superblock = checker.CheckSuperblocks();
        if (superblock is not null)
        {
            checker.CheckRoots(superblock, new ImageLayout(superblock.BlockSizeBytes));
        }

        return checker._findings;
    }

    private Superblock? CheckSuperblocks()
    {
        var first = new byte[Superblock.SizeBytes];
        var second = new byte[Superblock.SizeBytes];
        _device.Read(first, 0);
        _device.Read(second, ImageLayout.SuperblockCopyOffsetBytes);
        SuperblockFault fault = Superblock.Decode(first, out Superblock? superblock);
        if (superblock is null)
        {
            Add(BlockFileFindingKind.Superblock, 0, $"the superblock is damaged: {fault}");
        }

        SuperblockFault copyFault = Superblock.Decode(second, out Superblock? copy);
        if (copy is null)
        {
            Add(BlockFileFindingKind.SuperblockCopy, ImageLayout.SuperblockCopyOffsetBytes, $"the superblock's copy is damaged: {copyFault}");
        }
        else if (superblock is not null && !first.AsSpan().SequenceEqual(second))
        {
            Add(BlockFileFindingKind.SuperblockCopy, ImageLayout.SuperblockCopyOffsetBytes, "the superblock's copy differs from it");
        }

        return superblock ?? copy;
    }

    private void CheckRoots(Superblock superblock, ImageLayout layout)
    {
        List<RootRecord> roots = RootRing.Read(_device, superblock.Id, layout);
        if (roots.Count == 0)
        {
            Add(BlockFileFindingKind.Root, ImageLayout.RootRingOffsetBytes, "none of the root records is whole");
            return;
        }

        CheckNext(roots[0]);
        RootRecord root = roots[0];
        if (roots.Count > 1 && roots[1].Generation + 1 == root.Generation && root.PreviousChecksum != roots[1].Checksum)
        {
            Add(BlockFileFindingKind.RootChain, RootRing.OffsetBytes(root.Generation), $"generation {root.Generation} does not follow from generation {roots[1].Generation}");
        }

        if (_device.SizeBytes < layout.BytesOf(root.SizeBlocks))
        {
            Add(BlockFileFindingKind.Truncated, _device.SizeBytes, $"the device has {_device.SizeBytes} bytes, the image {layout.BytesOf(root.SizeBlocks)}");
            return;
        }

        if (!RedoList.TryRead(_device, layout, root, out List<RedoEntry> entries) || !AreCopiesWhole(layout, entries))
        {
            Add(BlockFileFindingKind.RedoList, layout.BytesOf(root.RedoFirst.Value), $"the redo list of generation {root.Generation} is damaged");
        }

        CheckGroups(layout, root);
    }

    // All slots of the ring but the next to be written should hold records, once it went round.
    private void CheckNext(RootRecord newest)
    {
        var bytes = new byte[RootRecord.SizeBytes];
        long offsetBytes = RootRing.OffsetBytes(newest.Generation + 1);
        _device.Read(bytes, offsetBytes);
        bool isEmpty = !bytes.AsSpan().ContainsAnyExcept((byte)0);
        if (!isEmpty && !StructureChecksum.IsRight(bytes, 8))
        {
            Add(BlockFileFindingKind.Root, offsetBytes, $"the root record behind generation {newest.Generation} is damaged: a commit that was cut off, or a loss");
        }
    }

    private bool AreCopiesWhole(ImageLayout layout, List<RedoEntry> entries)
    {
        var block = new byte[layout.BlockSizeBytes];
        return entries.TrueForAll(entry => RedoList.ReadCopy(_device, layout, entry, block) == Errno.None);
    }

    private void CheckGroups(ImageLayout layout, RootRecord root)
    {
        ulong freeBlocks = 0;
        bool isComplete = true;
        for (int page = 0; page < root.Pages.Length; page++)
        {
            var bytes = new byte[ImageLayout.PageBytes];
            PageReference reference = root.Pages[page];
            long offsetBytes = layout.DescriptorOffsetBytes(page, reference.Slot);
            if (reference.IsWritten && (_device.Read(bytes, offsetBytes).Bytes != bytes.Length || Crc32C.Compute(bytes) != reference.Checksum))
            {
                Add(BlockFileFindingKind.DescriptorPage, offsetBytes, $"descriptor page {page} is damaged");
                isComplete = false;
                continue;
            }

            int first = page * ImageLayout.GroupsPerPage;
            int end = Math.Min(layout.GroupCount(root.SizeBlocks), first + ImageLayout.GroupsPerPage);
            for (int group = first; group < end; group++)
            {
                GroupDescriptor descriptor = GroupDescriptor.Decode(bytes.AsSpan((group - first) * GroupDescriptor.SizeBytes));
                freeBlocks += (ulong)CheckGroup(layout, root, group, descriptor);
            }
        }

        if (isComplete && freeBlocks != root.FreeBlocks)
        {
            Add(BlockFileFindingKind.FreeCount, RootRing.OffsetBytes(root.Generation), $"the root record counts {root.FreeBlocks} free blocks, the groups {freeBlocks}");
        }
    }

    /// <summary>Checks one group.</summary>
    /// <returns>Its free blocks, by the descriptor.</returns>
    private unsafe int CheckGroup(ImageLayout layout, RootRecord root, int group, GroupDescriptor descriptor)
    {
        int blockCount = layout.BlocksInGroup(group, root.SizeBlocks);
        int reservedCount = layout.ReservedBlocks(group);
        if (!descriptor.IsWritten)
        {
            return blockCount - reservedCount;
        }

        long offsetBytes = layout.BitmapOffsetBytes(group, descriptor.Slot);
        using var bitmap = new NativeBuffer(ImageLayout.BitmapBytes);
        if (_device.Read(bitmap.Span, offsetBytes).Bytes != bitmap.Length || Crc32C.Compute(bitmap.Span) != descriptor.Checksum)
        {
            Add(BlockFileFindingKind.Bitmap, offsetBytes, $"the bitmap of group {group} is damaged");
            return descriptor.FreeBlocks;
        }

        var bits = (ulong*)bitmap.Address;
        if (BlockBits.NextClear(bits, 0, reservedCount) < reservedCount
            || BlockBits.NextClear(bits, blockCount, ImageLayout.BlocksPerGroup) < ImageLayout.BlocksPerGroup)
        {
            Add(BlockFileFindingKind.ReservedBlock, offsetBytes, $"the bitmap of group {group} has blocks as free that are nobody's to give");
        }

        int freeCount = blockCount - BlockBits.CountSet(bits, 0, blockCount);
        if (freeCount != descriptor.FreeBlocks)
        {
            Add(BlockFileFindingKind.GroupFreeCount, offsetBytes, $"group {group} counts {descriptor.FreeBlocks} free blocks, its bitmap {freeCount}");
        }

        return descriptor.FreeBlocks;
    }

    private void Add(BlockFileFindingKind kind, long offsetBytes, FormattableString text) =>
        _findings.Add(new BlockFileFinding(kind, offsetBytes, text.ToString(CultureInfo.InvariantCulture)));

    private void Add(BlockFileFindingKind kind, long offsetBytes, string text) => _findings.Add(new BlockFileFinding(kind, offsetBytes, text));
}
