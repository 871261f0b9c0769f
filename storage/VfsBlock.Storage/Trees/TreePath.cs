using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <summary>The nodes from a tree's root to a leaf, and which child was taken in each. Good no longer than the lock is held.</summary>
internal unsafe struct TreePath
{
    private Nodes _nodes;
    private Indices _indices;

    /// <summary>The level of the root.</summary>
    public int RootLevel;

    /// <summary>The lowest key that the leaf may hold.</summary>
    public TreeKey Lower;

    /// <summary>The lowest key that belongs to the next leaf; means nothing unless <see cref="HasUpper"/>.</summary>
    public TreeKey Upper;

    /// <summary>False if the leaf is the tree's last.</summary>
    public bool HasUpper;

    /// <summary>The leaf at its end.</summary>
    public readonly LeafNode Leaf => new((byte*)_nodes[0]);

    public readonly byte* NodeAt(int level) => (byte*)_nodes[level];

    public void SetNode(int level, byte* node) => _nodes[level] = (nint)node;

    public readonly InnerNode InnerAt(int level) => new((byte*)_nodes[level]);

    /// <summary>The index of the child taken in the inner node at this level.</summary>
    public readonly int IndexAt(int level) => _indices[level];

    public void SetIndex(int level, int index) => _indices[level] = index;

    [InlineArray(NodeFormat.MaxLevel + 1)]
    private struct Nodes
    {
        private nint _first;
    }

    [InlineArray(NodeFormat.MaxLevel + 1)]
    private struct Indices
    {
        private int _first;
    }
}
