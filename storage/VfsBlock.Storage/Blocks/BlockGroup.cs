using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// One group of blocks: three bitmaps, read in when they are first needed. <see cref="InUse"/> is the open generation's truth;
/// <see cref="Busy"/> adds what may not be handed out (freed and not yet reusable, or held back); <see cref="Committed"/> is what the last
/// commit that began says, and stays as it is while that commit writes it.
/// </summary>
/// <remarks>Owns the bitmaps' memory. The allocator's owner keeps callers apart by its lock.</remarks>
internal sealed unsafe class BlockGroup : IDisposable
{
    private NativeBuffer? _memory;

    public BlockGroup(int index, ImageLayout layout, int blockCount, GroupDescriptor descriptor)
    {
        Index = index;
        Start = layout.GroupStart(index);
        ReservedCount = layout.ReservedBlocks(index);
        BlockCount = blockCount;
        Descriptor = descriptor;
        FreeCount = descriptor.IsWritten ? descriptor.FreeBlocks : blockCount - ReservedCount;
        AvailableCount = FreeCount;
        LongestRunHint = FreeCount;
    }

    public int Index { get; }

    /// <summary>The group's first block.</summary>
    public ulong Start { get; }

    /// <summary>How many of its first blocks belong to the format.</summary>
    public int ReservedCount { get; }

    /// <summary>How many of its blocks exist.</summary>
    public int BlockCount { get; private set; }

    /// <summary>What the durable root says.</summary>
    public GroupDescriptor Descriptor { get; set; }

    /// <summary>What the commit that is being written says; becomes <see cref="Descriptor"/> when it is durable.</summary>
    public GroupDescriptor NextDescriptor { get; set; }

    /// <summary>Blocks not in use.</summary>
    public int FreeCount { get; private set; }

    /// <summary>Blocks that may be handed out.</summary>
    public int AvailableCount { get; private set; }

    /// <summary>No run of available blocks is longer.</summary>
    public int LongestRunHint { get; set; }

    /// <summary>True if the bitmap changed since the last commit began.</summary>
    public bool IsDirty { get; set; }

    /// <summary>True if its bitmap cannot be believed: nothing is allocated or freed in it.</summary>
    public bool IsDamaged { get; private set; }

    public bool IsLoaded => _memory is not null;

    public ulong* Committed => (ulong*)Memory.Address;

    public ulong* InUse => (ulong*)(Memory.Address + ImageLayout.BitmapBytes);

    public ulong* Busy => (ulong*)(Memory.Address + (2 * ImageLayout.BitmapBytes));

    /// <summary>The bitmap as the last commit that began says, to be written.</summary>
    public ReadOnlySpan<byte> CommittedBytes => Memory.Span[..ImageLayout.BitmapBytes];

    private NativeBuffer Memory => _memory ?? throw new InvalidOperationException($"the bitmap of group {Index} is not in memory");

    /// <summary>Memory for the three bitmaps, the first of them as it is when nothing was ever allocated.</summary>
    public static NativeBuffer NewBitmaps(int reservedCount, int blockCount)
    {
        var memory = new NativeBuffer(3 * ImageLayout.BitmapBytes);
        var bits = (ulong*)memory.Address;
        BlockBits.Set(bits, 0, reservedCount);
        BlockBits.Set(bits, blockCount, ImageLayout.BlocksPerGroup - blockCount);
        return memory;
    }

    /// <summary>Takes over bitmaps of which the first was read and verified; if there are some already, they stay.</summary>
    public void Install(NativeBuffer memory)
    {
        if (_memory is not null || IsDamaged)
        {
            memory.Dispose();
            return;
        }

        _memory = memory;
        CommittedBytes.CopyTo(memory.Span[ImageLayout.BitmapBytes..]);
        CommittedBytes.CopyTo(memory.Span[(2 * ImageLayout.BitmapBytes)..]);
    }

    /// <summary>Closes the group to every change.</summary>
    public void MarkDamaged()
    {
        IsDamaged = true;
        AvailableCount = 0;
        LongestRunHint = 0;
    }

    public bool IsInUse(int index, int count) => BlockBits.NextClear(InUse, index, index + count) == index + count;

    public bool IsReachedByCommit(int index, int count) => BlockBits.NextSet(Committed, index, index + count) < index + count;

    /// <summary>Hands blocks out of the available ones.</summary>
    /// <param name="index">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="isHeld">True to keep them from others only: they do not count as used.</param>
    public void Take(int index, int count, bool isHeld)
    {
        BlockBits.Set(Busy, index, count);
        AvailableCount -= count;
        if (!isHeld)
        {
            Use(index, count);
        }
    }

    /// <summary>Makes held blocks used ones.</summary>
    public void Use(int index, int count)
    {
        BlockBits.Set(InUse, index, count);
        FreeCount -= count;
    }

    /// <summary>Takes blocks out of use; they are not available yet.</summary>
    public void Free(int index, int count)
    {
        BlockBits.Clear(InUse, index, count);
        FreeCount += count;
    }

    /// <summary>Makes blocks available that are not in use.</summary>
    public void Release(int index, int count)
    {
        BlockBits.Clear(Busy, index, count);
        AvailableCount += count;
        int begin = BlockBits.EndOfSet(Busy, index);
        int end = BlockBits.NextSet(Busy, index + count, BlockCount);
        LongestRunHint = Math.Max(LongestRunHint, end - begin);
    }

    /// <summary>Changes how many of the blocks exist; what goes must be available.</summary>
    public void Resize(int blockCount)
    {
        int change = blockCount - BlockCount;
        if (change > 0)
        {
            BlockBits.Clear(InUse, BlockCount, change);
            BlockBits.Clear(Busy, BlockCount, change);
        }
        else
        {
            BlockBits.Set(InUse, blockCount, -change);
            BlockBits.Set(Busy, blockCount, -change);
        }

        BlockCount = blockCount;
        FreeCount += change;
        AvailableCount += change;
        LongestRunHint = AvailableCount;
    }

    /// <summary>Fixes what the commit that begins will write.</summary>
    public void Freeze(ulong generation)
    {
        Memory.Span.Slice(ImageLayout.BitmapBytes, ImageLayout.BitmapBytes).CopyTo(Memory.Span);
        IsDirty = false;
        int slot = Descriptor.IsWritten ? 1 - Descriptor.Slot : 0;
        NextDescriptor = new GroupDescriptor(0, slot, true, FreeCount, Math.Min(LongestRunHint, FreeCount), generation);
    }

    public void Dispose() => _memory?.Dispose();
}
