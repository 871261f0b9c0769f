namespace VfsBlock.Storage;

/// <summary>Room for a node that is not there yet: blocks that nobody else gets, and a frame.</summary>
/// <param name="Run">The blocks.</param>
/// <param name="Frame">The frame.</param>
internal readonly record struct HeldNode(BlockRun Run, int Frame);
