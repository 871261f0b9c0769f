using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>Which blocks of an image have an owner, as far as a check has come.</summary>
/// <remarks>Owns a bitmap in native memory for each group in which something was claimed. One thread.</remarks>
internal sealed unsafe class BlockOwners : IDisposable
{
    private readonly ImageLayout _layout;
    private readonly ulong _sizeBlocks;
    private readonly nint[] _groups;

    public BlockOwners(ImageLayout layout, ulong sizeBlocks)
    {
        _layout = layout;
        _sizeBlocks = sizeBlocks;
        _groups = new nint[layout.GroupCount(sizeBlocks)];
    }

    /// <summary>Blocks that were claimed so far, each once.</summary>
    public long ClaimedCount { get; private set; }

    /// <summary>Makes a run of blocks somebody's.</summary>
    /// <param name="first">The first block; any number.</param>
    /// <param name="count">How many; any number.</param>
    public ClaimResult Claim(ulong first, long count)
    {
        if (!TryPlace(first, count, out int group, out int index))
        {
            return ClaimResult.Outside;
        }

        ulong* bits = BitsOf(group);
        int takenCount = BlockBits.CountSet(bits, index, (int)count);
        BlockBits.Set(bits, index, (int)count);
        ClaimedCount += count - takenCount;
        return takenCount == 0 ? ClaimResult.Done : ClaimResult.Taken;
    }

    /// <summary>What a claim would become; it is not made.</summary>
    public ClaimResult Probe(ulong first, long count) =>
        !TryPlace(first, count, out int group, out int index) ? ClaimResult.Outside
        : _groups[group] == 0 || BlockBits.CountSet((ulong*)_groups[group], index, (int)count) == 0 ? ClaimResult.Done
        : ClaimResult.Taken;

    /// <summary>The bits of a group as its bitmap should be: what belongs to the format or does not exist is set.</summary>
    /// <param name="group">The group.</param>
    /// <param name="bits">Memory of a bitmap.</param>
    public void CopyTo(int group, ulong* bits)
    {
        int blockCount = _layout.BlocksInGroup(group, _sizeBlocks);
        if (_groups[group] == 0)
        {
            new Span<byte>(bits, ImageLayout.BitmapBytes).Clear();
        }
        else
        {
            Buffer.MemoryCopy((void*)_groups[group], bits, ImageLayout.BitmapBytes, ImageLayout.BitmapBytes);
        }

        BlockBits.Set(bits, 0, _layout.ReservedBlocks(group));
        BlockBits.Set(bits, blockCount, ImageLayout.BlocksPerGroup - blockCount);
    }

    public void Dispose()
    {
        foreach (ref nint bits in _groups.AsSpan())
        {
            NativeMemory.Free((void*)bits);
            bits = 0;
        }
    }

    private bool TryPlace(ulong first, long count, out int group, out int index)
    {
        group = 0;
        index = 0;
        if (count <= 0 || first < _layout.FirstGroupBlock || first >= _sizeBlocks)
        {
            return false;
        }

        group = _layout.GroupOf(first);
        index = (int)(first - _layout.GroupStart(group));
        return index >= _layout.ReservedBlocks(group) && count <= _layout.BlocksInGroup(group, _sizeBlocks) - index;
    }

    private ulong* BitsOf(int group)
    {
        if (_groups[group] == 0)
        {
            _groups[group] = (nint)NativeMemory.AllocZeroed(ImageLayout.BitmapBytes);
        }

        return (ulong*)_groups[group];
    }
}
