namespace VfsBlock.Storage;

/// <summary>Blocks out of use that may not be handed out yet.</summary>
/// <param name="Run">Which.</param>
/// <param name="Generation">The generation whose commit makes that durable.</param>
internal readonly record struct PendingFree(BlockRun Run, ulong Generation);
