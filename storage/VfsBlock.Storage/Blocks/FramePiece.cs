namespace VfsBlock.Storage;

/// <summary>Blocks of a frame that a commit writes somewhere.</summary>
/// <param name="Target">The first block to write.</param>
/// <param name="Frame">The frame.</param>
/// <param name="OffsetBlocks">Which of the frame's blocks is the first.</param>
/// <param name="BlockCount">How many.</param>
internal readonly record struct FramePiece(ulong Target, int Frame, int OffsetBlocks, int BlockCount);
