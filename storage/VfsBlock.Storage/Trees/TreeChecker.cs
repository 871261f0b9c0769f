using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Walks a whole tree from the device's bytes alone and reports whatever is wrong with it. It believes nothing: no image, however it was
/// made, leads it outside of a node, into endless work, or into deep recursion.
/// </summary>
/// <remarks>
/// It owns the memory for one node a level. One thread uses it at a time; it needs no lock, because a root of a committed generation does not
/// change as long as its blocks are kept.
/// </remarks>
public sealed unsafe class TreeChecker : IDisposable
{
    private readonly ITreeCheckHost _host;
    private readonly ulong _imageId;
    private readonly Frame[] _frames = new Frame[NodeFormat.MaxLevel + 1];
    private byte* _memory;

    /// <summary>A checker of an image's trees.</summary>
    /// <param name="host">Reads nodes and takes the findings.</param>
    /// <param name="imageId">First 8 bytes of the image's uuid.</param>
    public TreeChecker(ITreeCheckHost host, ulong imageId)
    {
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
        _imageId = imageId;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)_frames.Length * NodeFormat.SizeBytes, NodeFormat.SizeBytes);
    }

    /// <summary>Sound nodes seen so far.</summary>
    public long NodeCount { get; private set; }

    /// <summary>Items seen so far.</summary>
    public long ItemCount { get; private set; }

    /// <summary>Findings so far.</summary>
    public long FindingCount { get; private set; }

    /// <summary>Checks one tree.</summary>
    /// <param name="treeId">Its id.</param>
    /// <param name="root">Its root, with the checksum.</param>
    public void Check(uint treeId, in NodePointer root)
    {
        ObjectDisposedException.ThrowIf(_memory == null, this);
        if (root.IsNone || !TryEnter(treeId, new Frame(root, TreeKey.Min, TreeKey.Max), -1, out int rootLevel))
        {
            return;
        }

        int level = rootLevel;
        while (level <= rootLevel)
        {
            ref Frame frame = ref _frames[level];
            var inner = new InnerNode(NodeAt(level));
            if (level == 0 || frame.NextIndex == inner.Count)
            {
                level++;
                continue;
            }

            int index = frame.NextIndex++;
            TreeKey last = index + 1 < inner.Count ? TreeCursor.Before(inner.KeyAt(index + 1)) : frame.Last;
            if (TryEnter(treeId, new Frame(inner.PointerAt(index), inner.KeyAt(index), last), level - 1, out _))
            {
                level--;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }

    /// <summary>Reads a node into its level's memory and checks it against what its parent says. A leaf is done with that.</summary>
    /// <param name="treeId">The tree.</param>
    /// <param name="frame">What the parent says.</param>
    /// <param name="level">The level that it must have; -1 for the root, which says it itself.</param>
    /// <param name="foundLevel">The level that it has.</param>
    private bool TryEnter(uint treeId, Frame frame, int level, out int foundLevel)
    {
        foundLevel = Math.Max(level, 0);
        if (!_host.TryClaim(frame.Pointer.Block))
        {
            return Report(TreeFindingKind.Claimed, treeId, frame);
        }

        byte* node = NodeAt(foundLevel);
        Errno error = _host.Read(frame.Pointer.Block, new Span<byte>(node, NodeFormat.SizeBytes));
        if (error != Errno.None)
        {
            return Report(TreeFindingKind.Unreadable, treeId, frame, error: error);
        }

        NodeFault fault = NodeValidator.Validate(new ReadOnlySpan<byte>(node, NodeFormat.SizeBytes), frame.Pointer, _imageId);
        if (fault != NodeFault.None)
        {
            return Report(TreeFindingKind.Invalid, treeId, frame, fault);
        }

        NodeHeader* header = NodeFormat.Header(node);
        if (level < 0)
        {
            foundLevel = header->Level;
            Buffer.MemoryCopy(node, NodeAt(foundLevel), NodeFormat.SizeBytes, NodeFormat.SizeBytes);
            node = NodeAt(foundLevel);
        }
        else if (header->Level != level)
        {
            return Report(TreeFindingKind.Level, treeId, frame);
        }

        if (header->TreeId != treeId)
        {
            return Report(TreeFindingKind.TreeId, treeId, frame);
        }

        if (!IsInBounds(node, frame))
        {
            return Report(TreeFindingKind.KeyBounds, treeId, frame);
        }

        _frames[foundLevel] = frame;
        NodeCount++;
        VisitItems(treeId, node);
        return true;
    }

    private static bool IsInBounds(byte* node, in Frame frame)
    {
        int lastIndex = NodeFormat.Header(node)->Count - 1;
        if (NodeFormat.Header(node)->Level > 0)
        {
            var inner = new InnerNode(node);
            return inner.KeyAt(0) == frame.First && inner.KeyAt(lastIndex) <= frame.Last;
        }

        var leaf = new LeafNode(node);
        return leaf.KeyAt(0) >= frame.First && leaf.KeyAt(lastIndex) <= frame.Last;
    }

    private void VisitItems(uint treeId, byte* node)
    {
        if (NodeFormat.Header(node)->Level > 0)
        {
            return;
        }

        var leaf = new LeafNode(node);
        int count = leaf.Count;
        for (int index = 0; index < count; index++)
        {
            _host.Visit(treeId, new TreeItem(leaf.KeyAt(index), leaf.ValueAt(index)));
        }

        ItemCount += count;
    }

    private bool Report(TreeFindingKind kind, uint treeId, in Frame frame, NodeFault fault = NodeFault.None, Errno error = Errno.None)
    {
        FindingCount++;
        _host.Report(new TreeFinding(kind, treeId, frame.Pointer, frame.First, frame.Last, fault, error));
        return false;
    }

    private byte* NodeAt(int level) => _memory + (level * NodeFormat.SizeBytes);

    /// <summary>A node on the way from the root, what its parent says about it, and its child to look at next.</summary>
    private record struct Frame(NodePointer Pointer, TreeKey First, TreeKey Last)
    {
        public int NextIndex { get; set; }
    }
}
