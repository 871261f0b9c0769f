using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <summary>The place of each block of a chunk on the device; 0 for blocks that the chunk does not hold.</summary>
[InlineArray(WriteChunk.BlockCount)]
internal struct ChunkBlocks
{
    private ulong _first;
}
