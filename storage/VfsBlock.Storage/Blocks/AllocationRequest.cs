namespace VfsBlock.Storage;

/// <summary>What a caller wants of the allocator.</summary>
/// <param name="Stream">Near what.</param>
/// <param name="WantedBlocks">How long the run should be.</param>
/// <param name="MinimumBlocks">How long it must be.</param>
/// <param name="Right">Out of which part of the free space.</param>
/// <param name="IsHeld">True to keep the run from others without using it yet.</param>
/// <param name="SparesWarm">True to do without warm blocks, also where nothing else is left.</param>
internal readonly record struct AllocationRequest(
    AllocationStream Stream, int WantedBlocks, int MinimumBlocks, AllocationRight Right, bool IsHeld, bool SparesWarm = false);
