using VfsBlock.Interop;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>Lets a checker loose on a store's bytes, and keeps what it says.</summary>
internal sealed class TreeImage(MemoryNodeStore store) : ITreeCheckHost
{
    private readonly HashSet<ulong> _claimed = [];

    public List<TreeFinding> Findings { get; } = [];

    public List<KeyValuePair<TreeKey, byte[]>> Items { get; } = [];

    /// <summary>The blocks seen, with a copy of the bytes of each.</summary>
    public Dictionary<ulong, byte[]> Nodes { get; } = [];

    /// <summary>Everything below a sealed root.</summary>
    public static TreeImage Check(MemoryNodeStore store, uint treeId, in NodePointer root)
    {
        var image = new TreeImage(store);
        using var checker = new TreeChecker(image, store.ImageId);
        checker.Check(treeId, root);
        return image;
    }

    public Errno Read(BlockNumber block, Span<byte> node)
    {
        store.Bytes(block).CopyTo(node);
        Nodes[block.Value] = node.ToArray();
        return Errno.None;
    }

    public bool TryClaim(BlockNumber block) => store.Contains(block) && _claimed.Add(block.Value);

    public void Visit(uint treeId, in TreeItem item) => Items.Add(new(item.Key, item.Value.ToArray()));

    public void Report(in TreeFinding finding) => Findings.Add(finding);
}
