using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>The corruptions of structures below the items that the checker has to find, each by the name of its finding.</summary>
internal static class StructureCorruptions
{
    private const ulong SuperblockCopyBlock = ImageLayout.SuperblockCopyOffsetBytes / WriteChunk.BlockSizeBytes;

    private static readonly VolumeFindingKind[] _ofLostItems =
    [
        VolumeFindingKind.LinkCount, VolumeFindingKind.BlockCount, VolumeFindingKind.InlineLength, VolumeFindingKind.XattrData, VolumeFindingKind.LostItems, VolumeFindingKind.SharedCount,
    ];

    public static IReadOnlyDictionary<string, StructureCorruption> All { get; } = new Dictionary<string, StructureCorruption>
    {
        ["superblock"] = Closed("Structure Superblock", (f, _) => f.ChangeBlock(0, Flip(100))),
        ["superblock's copy"] = Closed("Structure SuperblockCopy", (f, _) => f.ChangeBlock(SuperblockCopyBlock, Flip(100))),
        ["both superblocks"] = Closed("Structure Superblock, Structure SuperblockCopy, Unusable", (f, _) =>
        {
            f.ChangeBlock(0, Flip(100));
            f.ChangeBlock(SuperblockCopyBlock, Flip(100));
        }),
        ["newest root record"] = Closed("Structure Root", (f, _) => f.ChangeBlock((ulong)RootRing.OffsetBytes(f.Root().Generation) / 4096, Flip(2000))),
        ["root record that does not follow"] = Closed("Structure RootChain", (f, _) => f.ChangeRoot(Flip(56))),
        ["root record larger than the device"] = Closed("Structure Truncated, Unusable", (f, _) => f.ChangeRoot(Add(40, 1))),
        ["descriptor page"] = Closed("Structure DescriptorPage", (f, _) => f.ChangeBlock((ulong)f.Layout.DescriptorOffsetBytes(0, f.Root().Pages[0].Slot) / 4096, Flip(9))),
        ["bitmap"] = Closed("Structure Bitmap", (f, _) => f.ChangeBlock(BitmapBlock(f), Flip(4000))),
        ["reserved block that is free"] = Closed("Structure ReservedBlock, UsedButFree", (f, _) => f.ChangeBits(f.Layout.FirstGroupBlock, 1, isUsed: false)),
        ["count of a group"] = Closed("Structure GroupFreeCount", (f, _) =>
        {
            f.ChangeDescriptor(0, Add(8, -1));
            f.ChangeRoot(Add(48, -1));
        }),
        ["count of the image"] = Closed("Structure FreeCount", (f, _) => f.ChangeRoot(Add(48, -1))),
        ["bit of a node"] = Closed("UsedButFree", (f, m) => f.ChangeBits(Leaf(m).Block + 1, 1, isUsed: false)),
        ["bit of nobody"] = Closed("Leak", (f, m) => f.ChangeBits(m.FreeBlocks[^1], 1, isUsed: true)),
        ["redo list with a wrong copy"] = Closed("Structure RedoList", (f, m) => f.PlantRedoList(m.FreeBlocks[0], [new RedoEntry(m.FreeBlocks[1], m.FreeBlocks[2], f.ChecksumOf(m.FreeBlocks[2]) ^ 1)])),
        ["redo list outside the image"] = Closed("Structure RedoList", (f, m) => f.PlantRedoList(m.FreeBlocks[0], [new RedoEntry(m.SizeBlocks, m.FreeBlocks[2], 0)])),
        ["redo list over the superblock"] = Closed("Structure RedoList", (f, m) => f.PlantRedoList(m.FreeBlocks[0], [new RedoEntry(0, m.FreeBlocks[2], 0)])),
        ["control data"] = Closed("Control", (f, _) => f.ChangeControl(Flip(0))),
        ["log outside the image"] = Closed("Control, Leak", (f, m) => f.ChangeControl(bytes => BinaryPrimitives.WriteUInt64LittleEndian(bytes[88..], m.SizeBlocks))),
        ["log record of no length"] = Crashed("Log", (f, m) => f.ChangeBatch(m.Batches, 1, pages => pages[LogBatchHeader.SizeBytes + 2] = pages[LogBatchHeader.SizeBytes + 3] = 0)),
        ["log record of no kind"] = Crashed("Log", (f, m) => f.ChangeBatch(m.Batches, 1, pages => pages[LogBatchHeader.SizeBytes] = 99)),
        ["log batch with a record too many"] = Crashed("Log", (f, m) => f.ChangeBatch(m.Batches, 1, Add(44, 1))),
        ["log batch that was flushed before it was written"] = Crashed("Log", (f, m) => f.ChangeBatch(m.Batches, 1, pages => pages[24..32].CopyTo(pages[48..]))),
        ["data that the log vouches for"] = Crashed("LogData", (f, m) => f.ChangeBlock(FirstLoggedBlock(f, m), Flip(5))),
        ["node's magic"] = Node("Node Invalid Magic", Flip(0)),
        ["node of another image"] = Node("Node Invalid Image", Flip(8)),
        ["node of another place"] = Node("Node Invalid Block", Flip(16)),
        ["node of another generation"] = Node("Node Invalid Generation", Flip(24)),
        ["node's checksum"] = Closed("Node Invalid Checksum", (f, m) => f.ChangeNode(Leaf(m), Flip(5), seals: false), _ofLostItems),
        ["node's level"] = Node("Node Invalid Level", node => node[36] = 16),
        ["node without items"] = Node("Node Invalid Count", node => node[38] = node[39] = 0),
        ["node's key order"] = Node("Node Invalid KeyOrder", node => node[64] = 0xFF),
        ["node's value outside"] = Node("Node Invalid ValueRange", node => node[64 + 17] = 0xFF),
        ["node's values overlapping"] = Node("Node Invalid ValueOverlap", OverlapValues),
        ["node's dead bytes"] = Node("Node Invalid DeadBytes", Add(42, 1)),
        ["pointer to nowhere"] = Closed("Node Invalid Pointer", (f, m) => f.ChangeNode(Root(m), node => MemoryMarshal.Cast<byte, InnerEntry>(node[64..])[1].Block = 0), _ofLostItems),
        ["child younger than its parent"] = Closed("Node Invalid Pointer", (f, m) => f.ChangeNode(Root(m), node => MemoryMarshal.Cast<byte, InnerEntry>(node[64..])[1].Generation += 1000), _ofLostItems),
        ["child twice"] = Closed("Node Claimed", (f, m) => f.ChangeNode(Root(m), node => MemoryMarshal.Cast<byte, InnerEntry>(node[64..])[5].Pointer = MemoryMarshal.Cast<byte, InnerEntry>(node[64..])[4].Pointer), _ofLostItems),
        ["child outside the image"] = Closed("Node Claimed", (f, m) => f.ChangeNode(Root(m), node => MemoryMarshal.Cast<byte, InnerEntry>(node[64..])[5].Block = m.SizeBlocks - 1), _ofLostItems),
        ["child on the log"] = Closed("Node Claimed", (f, m) => f.ChangeNode(Root(m), node => MemoryMarshal.Cast<byte, InnerEntry>(node[64..])[5].Block = (ulong)m.Ring.OffsetBytes / 4096), _ofLostItems),
        ["child of its parent's level"] = Closed("Node Level", PlantInner, _ofLostItems),
        ["node of another tree"] = Node("Node TreeId", node => node[32] = 2),
        ["key below the node's range"] = Node("Node KeyBounds", node => MemoryMarshal.Cast<byte, LeafSlot>(node[64..])[0].High = 0),
        ["tree of the future"] = Closed("Generation", (f, m) =>
        {
            f.ChangeNode(Root(m), node => BinaryPrimitives.WriteUInt64LittleEndian(node[24..], m.Generation + 1));
            f.ChangeTreePointer(2, pointer => pointer with { Generation = m.Generation + 1 });
        }),
        ["data block"] = Closed("Data", (f, m) => f.ChangeBlock(FirstExtent(f, m, out _), Flip(7))),
        ["bytes behind the end"] = Closed("Tail", (f, m) =>
        {
            FirstExtent(f, m, out TreeKey inode);
            NodePlace leaf = m.Nodes.First(place => place is { Tree: 2, Level: 0 } && LeafBytes.Read(f.ReadNode(place.Block)).ContainsKey(inode));
            ChangeItem(f, leaf, inode, value => BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(16), BinaryPrimitives.ReadUInt64LittleEndian(value.AsSpan(16)) - 1));
        }),
    };

    /// <summary>What a finding is called here: its kind, and the details of nodes and structures.</summary>
    public static string NameOf(VolumeFinding finding) =>
        finding.Node is { } node ? $"Node {node.Kind}{(node.Fault == NodeFault.None ? "" : $" {node.Fault}")}"
        : finding.Structure is { } structure ? $"Structure {structure.Kind}"
        : finding.Kind.ToString();

    private static StructureCorruption Closed(string expected, Action<ImageForge, ImageMap> make, params VolumeFindingKind[] mayFollow) =>
        new(HostileSample.Closed, expected.Split(", "), make) { MayFollow = mayFollow };

    private static StructureCorruption Crashed(string expected, Action<ImageForge, ImageMap> make) => new(HostileSample.Crashed, expected.Split(", "), make);

    private static StructureCorruption Node(string expected, ImageForge.Change change) => Closed(expected, (forge, map) => forge.ChangeNode(Leaf(map), change), _ofLostItems);

    private static ImageForge.Change Flip(int offset) => bytes => bytes[offset] ^= 1;

    private static ImageForge.Change Add(int offset, int difference) =>
        bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes[offset..], BinaryPrimitives.ReadInt32LittleEndian(bytes[offset..]) + difference);

    private static void OverlapValues(Span<byte> node)
    {
        Span<LeafSlot> slots = MemoryMarshal.Cast<byte, LeafSlot>(node[64..]);
        int longer = slots[0].LengthBytes >= slots[1].LengthBytes ? 0 : 1;
        slots[1 - longer].OffsetBytes = slots[longer].OffsetBytes;
    }

    // In the middle of the file tree: an ordinary one.
    private static NodePlace Leaf(ImageMap map)
    {
        NodePlace[] leaves = [.. map.Nodes.Where(place => place is { Tree: 2, Level: 0 })];
        return leaves[leaves.Length / 2];
    }

    private static NodePlace Root(ImageMap map) => map.Nodes.First(place => place is { Tree: 2, Path.Count: 1 });

    private static ulong BitmapBlock(ImageForge forge) =>
        (ulong)forge.Layout.BitmapOffsetBytes(0, ImageOpener.ReadDescriptors(forge.Device, forge.Layout, forge.Root())![0].Slot) / 4096;

    // An inner node between the root and a leaf, on the level of the root.
    private static void PlantInner(ImageForge forge, ImageMap map)
    {
        ulong block = FreeRun(map);
        NodePlace root = Root(map);
        InnerEntry entry = MemoryMarshal.Cast<byte, InnerEntry>(forge.ReadNode(root.Block)[64..])[5];
        byte[] header = forge.ReadNode(root.Block)[..64].ToArray();
        forge.ChangeBits(block, 4, isUsed: true);
        uint checksum = forge.PlantNode(block, node =>
        {
            header.CopyTo(node);
            BinaryPrimitives.WriteUInt64LittleEndian(node[16..], block);
            BinaryPrimitives.WriteUInt16LittleEndian(node[38..], 1);
            MemoryMarshal.Cast<byte, InnerEntry>(node[64..])[0] = entry;
        });
        ulong generation = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(24));
        forge.ChangeNode(root, node => MemoryMarshal.Cast<byte, InnerEntry>(node[64..])[5].Pointer = new NodePointer(new BlockNumber(block), generation, checksum));
    }

    private static ulong FreeRun(ImageMap map)
    {
        for (int index = 0; ; index++)
        {
            if (map.FreeBlocks[index + 3] == map.FreeBlocks[index] + 3)
            {
                return map.FreeBlocks[index];
            }
        }
    }

    private static ulong FirstLoggedBlock(ImageForge forge, ImageMap map)
    {
        ulong imageId = BitConverter.ToUInt64(forge.Superblock().Id.ToByteArray(bigEndian: true));
        using var reader = new LogBatchReader(forge.Device, map.Ring, imageId, forge.Control().Position);
        reader.TryRead(out LogBatchView batch);
        LogRecordReader records = batch.Records;
        while (records.TryRead(out LogRecord record) == LogStatus.Ok)
        {
            if (record.Kind == LogRecordKind.Data)
            {
                return record.Block.Value;
            }
        }

        throw new InvalidOperationException("the first batch has no data");
    }

    // The last written block of a file that ends inside of it, and the file's inode.
    private static ulong FirstExtent(ImageForge forge, ImageMap map, out TreeKey inode)
    {
        SortedDictionary<TreeKey, byte[]> items = [];
        foreach (NodePlace place in map.Nodes.Where(place => place is { Tree: 2, Level: 0 }))
        {
            foreach ((TreeKey key, byte[] value) in LeafBytes.Read(forge.ReadNode(place.Block)))
            {
                items.Add(key, value);
            }
        }

        foreach ((TreeKey key, byte[] value) in items)
        {
            inode = FileKey.Of(key.Inode(), ItemType.Inode);
            if (key.Type() == ItemType.Extent && ExtentItem.TryRead(value, out ExtentItem extent) && !extent.IsUnwritten
                && InodeItem.TryRead(items[inode], out InodeItem attributes) && attributes.LinkCount > 0
                && attributes.SizeBytes / 4096 == key.Sub() + (ulong)extent.BlockCount - 1 && attributes.SizeBytes % 4096 > 1)
            {
                return extent.Block.Value + (ulong)extent.BlockCount - 1;
            }
        }

        throw new InvalidOperationException("no file ends inside of a block");
    }

    private static void ChangeItem(ImageForge forge, NodePlace leaf, TreeKey key, Action<byte[]> change) => forge.ChangeNode(leaf, node =>
    {
        SortedDictionary<TreeKey, byte[]> items = LeafBytes.Read(node);
        change(items[key]);
        LeafBytes.Write(node, items);
    });
}
