namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>A node of a tree, and the way to it.</summary>
/// <param name="Tree">Which of the volume's trees: 0 system, 1 shared extents, 2 files.</param>
/// <param name="Path">The first blocks of the nodes from the root to this one.</param>
/// <param name="Level">Its level.</param>
internal sealed record NodePlace(int Tree, IReadOnlyList<ulong> Path, int Level)
{
    /// <summary>Its first block.</summary>
    public ulong Block => Path[^1];
}
