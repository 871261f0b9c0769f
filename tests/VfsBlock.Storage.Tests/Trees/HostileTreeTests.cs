using System.Runtime.InteropServices;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>
/// Trees with mutated nodes whose checksums are right again all the way up. Whatever is in them, every operation ends with a value, within a bound of nodes
/// visited, and touches no byte outside of a node (a guard page lies behind each).
/// </summary>
public sealed class HostileTreeTests(ITestOutputHelper output)
{
    private const int MutationCount = 1500;

    [Fact]
    public void Tree_MutatedNodes_AnswersWithinABound()
    {
        var random = new Random(RandomSeed.Take(output));
        using MemoryNodeStore store = Grow(out NodePointer root, out Dictionary<ulong, byte[]> sound);
        int invalidCount = 0;
        int damagedCount = 0;
        int harmlessCount = 0;
        for (int i = 0; i < MutationCount; i++)
        {
            Restore(store, sound);
            ulong[] path = RandomPath(random, store, root);
            Mutate(random, store, path[^1], sound.Keys);
            NodePointer hostile = FixChecksums(store, root, path);
            TreeImage image = TreeImage.Check(store, 16, hostile);
            Assert.True(image.Nodes.Count <= sound.Count);
            invalidCount += image.Findings.Any(finding => finding.Kind == TreeFindingKind.Invalid) ? 1 : 0;
            harmlessCount += image.Findings.Count == 0 ? 1 : 0;
            using MemoryNodeStore opened = store.Reopen();
            opened.IsHostile = true;
            damagedCount += Exercise(random, opened, hostile, sound.Count) ? 1 : 0;
        }

        output.WriteLine($"{MutationCount} mutations: {invalidCount} invalid nodes, {harmlessCount} harmless, {damagedCount} answered Damaged or EIO");
        Assert.True(invalidCount > MutationCount / 10);
        Assert.True(damagedCount > MutationCount / 10);
    }

    [Theory]
    [InlineData(NodeFault.Magic, 0, 1)]
    [InlineData(NodeFault.Checksum, 5000, 1)]
    [InlineData(NodeFault.Image, 8, 1)]
    [InlineData(NodeFault.Block, 16, 1)]
    [InlineData(NodeFault.Generation, 24, 1)]
    [InlineData(NodeFault.Level, 36, 16)]
    [InlineData(NodeFault.Count, 39, 0xFF)]
    [InlineData(NodeFault.KeyOrder, 64 + 7, 0xFF)]
    [InlineData(NodeFault.ValueRange, 64 + 17, 0xFF)]
    [InlineData(NodeFault.ValueRange, 64 + 19, 0xFF)]
    [InlineData(NodeFault.DeadBytes, 42, 1)]
    public void Validate_OneByteChanged_NamesTheFault(NodeFault expected, int offset, byte change)
    {
        using MemoryNodeStore store = Grow(out NodePointer root, out _);
        NodePointer leaf = Child(store, Child(store, root, 0), 0);
        Span<byte> node = store.Bytes(leaf.Block);
        Assert.Equal(NodeFault.None, NodeValidator.Validate(node, leaf, store.ImageId));
        node[offset] ^= change;
        if (expected is not NodeFault.Checksum)
        {
            leaf = leaf with { Checksum = Seal(node) };
        }

        Assert.Equal(expected, NodeValidator.Validate(node, leaf, store.ImageId));
    }

    [Fact]
    public void Validate_ValuesOverlap_IsSeen()
    {
        using MemoryNodeStore store = Grow(out NodePointer root, out _);
        NodePointer leaf = Child(store, Child(store, root, 0), 0);
        Span<byte> node = store.Bytes(leaf.Block);
        Span<LeafSlot> slots = MemoryMarshal.Cast<byte, LeafSlot>(node[64..]);
        slots[1].OffsetBytes = (ushort)(slots[0].OffsetBytes - 1);
        Assert.Equal(NodeFault.ValueOverlap, NodeValidator.Validate(node, leaf with { Checksum = Seal(node) }, store.ImageId));
    }

    [Fact]
    public void Check_ChildReferencedTwice_IsReportedOnce()
    {
        using MemoryNodeStore store = Grow(out NodePointer root, out _);
        NodePointer inner = Child(store, root, 0);
        Span<InnerEntry> entries = MemoryMarshal.Cast<byte, InnerEntry>(store.Bytes(inner.Block)[64..]);
        entries[1].Pointer = entries[0].Pointer;
        NodePointer hostile = FixChecksums(store, root, [root.Block.Value, inner.Block.Value]);
        TreeFinding finding = Assert.Single(TreeImage.Check(store, 16, hostile).Findings);
        Assert.Equal(TreeFindingKind.Claimed, finding.Kind);
        Assert.Equal(entries[0].Pointer, finding.Node);
        Assert.Equal(entries[1].Key, finding.First);
        Assert.Contains($"{finding.Node.Block}", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_LeafInTheWrongPlaceOrTree_IsReported()
    {
        using MemoryNodeStore store = Grow(out NodePointer root, out _);
        NodePointer inner = Child(store, root, 0);
        Span<InnerEntry> entries = MemoryMarshal.Cast<byte, InnerEntry>(store.Bytes(inner.Block)[64..]);
        (NodePointer first, NodePointer second) = (entries[0].Pointer, entries[1].Pointer);
        (entries[0].Pointer, entries[1].Pointer) = (second, first);
        NodePointer hostile = FixChecksums(store, root, [root.Block.Value, inner.Block.Value]);
        Assert.Equal(
            [TreeFindingKind.KeyBounds, TreeFindingKind.KeyBounds], TreeImage.Check(store, 16, hostile).Findings.Select(finding => finding.Kind));
        Assert.Equal(TreeFindingKind.TreeId, Assert.Single(TreeImage.Check(store, 17, hostile).Findings).Kind);

        // A change refuses such a leaf before it writes.
        using MemoryNodeStore opened = store.Reopen();
        var tree = new Tree(opened, 16, hostile);
        TreeStatus status;
        while ((status = tree.Touch(TreeKey.Min, out NodePointer cold)) == TreeStatus.Cold)
        {
            Assert.Equal(Errno.None, opened.Load(cold));
        }

        Assert.Equal(TreeStatus.Damaged, status);
    }

    /// <summary>Every kind of operation near random keys.</summary>
    /// <returns>True if one of them said that the tree is damaged.</returns>
    private static bool Exercise(Random random, MemoryNodeStore store, NodePointer root, int nodeCount)
    {
        var tree = new Tree(store, 16, root);
        bool isDamaged = false;
        for (int i = 0; i < 12; i++)
        {
            TreeKey key = TestTrees.Key(random.Next(60_000));
            byte[] value = new byte[random.Next(2000)];
            long findLimit = store.FindCount + 2000 + (nodeCount * 40L);
            TreeStatus status = TreeStatus.Cold;
            for (int restart = 0; status == TreeStatus.Cold; restart++)
            {
                Assert.True(restart <= nodeCount + 1, "endless restarts");
                Assert.Equal(Errno.None, store.Reserve(tree.WorstCaseNodeCount(10)));
                status = Operate(i, tree, key, value, out NodePointer cold);
                if (status == TreeStatus.Cold && store.Load(cold) != Errno.None)
                {
                    status = TreeStatus.Damaged;
                }
            }

            isDamaged |= status == TreeStatus.Damaged;
            Assert.True(store.FindCount < findLimit, $"operation {i} looked {store.FindCount - findLimit} nodes too many up");
        }

        return isDamaged;
    }

    private static TreeStatus Operate(int kind, Tree tree, TreeKey key, byte[] value, out NodePointer cold)
    {
        switch (kind % 6)
        {
            case 0:
                return tree.Find(key, out _, out cold);
            case 1:
                return tree.FindFloor(key, out _, out cold);
            case 2:
                return tree.Put(key, value, out cold);
            case 3:
                return tree.Delete(key, out cold);
            case 4:
                return tree.DeleteRange(key, key with { High = key.High + 2 }, 5, out _, out cold);
            default:
                return Walk(tree, key, out cold);
        }
    }

    private static TreeStatus Walk(Tree tree, TreeKey key, out NodePointer cold)
    {
        var cursor = new TreeCursor(tree);
        TreeStatus status = cursor.SeekCeiling(key);
        for (int i = 0; i < 300 && status == TreeStatus.Ok; i++)
        {
            TreeKey before = cursor.Key;
            status = cursor.MoveNext();
            Assert.True(status != TreeStatus.Ok || cursor.Key > before);
        }

        cold = cursor.Cold;
        return status;
    }

    /// <summary>A tree of three levels, sealed, and the bytes of its nodes.</summary>
    private static MemoryNodeStore Grow(out NodePointer root, out Dictionary<ulong, byte[]> nodes)
    {
        var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        byte[] value = new byte[NodeFormat.MaxValueBytes];
        for (int i = 0; i < 2200; i++)
        {
            driver.Put(TestTrees.Key(i * 20), value.AsSpan(0, i < 1900 ? value.Length : i));
        }

        // Three levels out of few nodes: the second inner node is cold, so the first is not merged with it.
        TestTrees.Commit(store, driver.Tree);
        store.FinishGeneration();
        store.Chill(new Random(1), 1);
        driver.DeleteRange(TestTrees.Key(100 * 20), TestTrees.Key(1900 * 20), 2000);
        root = TestTrees.Commit(store, driver.Tree);
        store.FinishGeneration();
        nodes = TreeImage.Check(store, 16, root).Nodes;
        Assert.Equal(2, store.Bytes(root.Block)[36]);
        Assert.True(nodes.Count < 100, $"{nodes.Count} nodes");
        return store;
    }

    private static void Restore(MemoryNodeStore store, Dictionary<ulong, byte[]> nodes)
    {
        foreach ((ulong block, byte[] bytes) in nodes)
        {
            bytes.CopyTo(store.Bytes(new BlockNumber(block)));
        }
    }

    /// <summary>The blocks from the root down to a node of any level.</summary>
    private static ulong[] RandomPath(Random random, MemoryNodeStore store, NodePointer root)
    {
        List<ulong> path = [root.Block.Value];
        NodePointer at = root;
        for (int depth = random.Next(3); depth > 0; depth--)
        {
            at = Child(store, at, random.Next(BitConverter.ToUInt16(store.Bytes(at.Block)[38..])));
            path.Add(at.Block.Value);
        }

        return [.. path];
    }

    private static void Mutate(Random random, MemoryNodeStore store, ulong block, Dictionary<ulong, byte[]>.KeyCollection blocks)
    {
        Span<byte> node = store.Bytes(new BlockNumber(block));
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            switch (random.Next(5))
            {
                case 0:
                    node[random.Next(32, 48)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    node[64 + random.Next(2000)] = (byte)random.Next(256);
                    break;
                case 2:
                    BitConverter.TryWriteBytes(node[(36 + random.Next(4))..], (ushort)random.Next());
                    break;
                case 3:
                    // A pointer to another node, if this is an inner node.
                    BitConverter.TryWriteBytes(node[(64 + 16 + (40 * random.Next(20)))..], blocks.ElementAt(random.Next(blocks.Count)));
                    break;
                default:
                    node.Slice(64 + (20 * random.Next(40)), 40).CopyTo(node[(64 + (20 * random.Next(40)))..]);
                    break;
            }
        }
    }

    /// <summary>Makes the checksums right from the last node of a path up to the root.</summary>
    private static NodePointer FixChecksums(MemoryNodeStore store, NodePointer root, ReadOnlySpan<ulong> path)
    {
        uint checksum = 0;
        for (int i = path.Length - 1; i >= 0; i--)
        {
            Span<byte> node = store.Bytes(new BlockNumber(path[i]));
            if (i + 1 < path.Length)
            {
                foreach (ref InnerEntry entry in MemoryMarshal.Cast<byte, InnerEntry>(node[64..]))
                {
                    entry.Checksum = entry.Block == path[i + 1] ? checksum : entry.Checksum;
                }
            }

            checksum = Seal(node);
        }

        return root with { Checksum = checksum };
    }

    private static uint Seal(Span<byte> node)
    {
        uint checksum = NodeFormat.ComputeChecksum(node);
        BitConverter.TryWriteBytes(node[4..], checksum);
        return checksum;
    }

    private static NodePointer Child(MemoryNodeStore store, NodePointer inner, int index) =>
        MemoryMarshal.Cast<byte, InnerEntry>(store.Bytes(inner.Block)[64..])[index].Pointer;
}
