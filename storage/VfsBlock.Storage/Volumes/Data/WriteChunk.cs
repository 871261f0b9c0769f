using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// 128 KiB of a file, aligned, of which some blocks are newer in memory than on the device. A block is here whole or not at all.
/// </summary>
/// <remarks>A slot of <see cref="WriteBuffer"/>, which says who may touch it.</remarks>
internal struct WriteChunk
{
    /// <summary>Blocks in a chunk.</summary>
    public const int BlockCount = 32;

    /// <summary>Size of a block of a volume in bytes.</summary>
    public const int BlockSizeBytes = 4096;

    /// <summary>Size of a chunk in bytes.</summary>
    public const int LengthBytes = BlockCount * BlockSizeBytes;

    /// <summary>Every block is here.</summary>
    public const uint FullMask = uint.MaxValue;

    /// <summary>Its memory.</summary>
    public IoBufferLease Lease;

    /// <summary>The file.</summary>
    public InodeNumber Inode;

    /// <summary>Which piece of the file: byte offset divided by <see cref="LengthBytes"/>.</summary>
    public ulong ChunkIndex;

    /// <summary>Bit i: block i of the chunk is here, for readers.</summary>
    public uint ValidMask;

    /// <summary>Bit i: block i goes to the place that was set aside for it in the file (an unwritten extent), and has no reservation.</summary>
    public uint BackedMask;

    /// <summary>Bit i: no extent has block i yet. The inode's count of blocks has it already, so that stat(2) tells of what was written at once.</summary>
    public uint HoleMask;

    /// <summary>Of a placed chunk, bit i: block i goes to the device, also if the file no longer has it.</summary>
    public uint WriteMask;

    /// <summary>The slot with older bytes of the same piece, on their way to the device; -1 if there is none.</summary>
    public int OlderSlot;

    /// <summary>Where it is on its way.</summary>
    public ChunkState State;

    /// <summary>True once the writes of a placed chunk were submitted.</summary>
    public bool IsSubmitted;

    /// <summary>Writes submitted and not reaped.</summary>
    public int PendingCount;

    /// <summary>What went wrong with one of its writes.</summary>
    public Errno Error;

    /// <summary>Where its blocks lie once it is placed.</summary>
    public ChunkBlocks Blocks;
}
