using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>Changes structures of an image at random, all checksums made right again. The same generator does the same to the same image.</summary>
internal sealed class HostileMutator(Random random, ImageForge forge, ImageMap map)
{
    private readonly List<string> _done = [];

    /// <summary>What was done, in words.</summary>
    public string Description => string.Join("; ", _done);

    /// <summary>One to three changes.</summary>
    public void Mutate()
    {
        for (int count = random.Next(8) == 0 ? 3 : random.Next(4) == 0 ? 2 : 1; count > 0 && forge.IsWhole; count--)
        {
            MutateOnce();
        }
    }

    private void MutateOnce()
    {
        switch (random.Next(100))
        {
            case < 2:
                ChangeField("superblock", change => forge.ChangeSuperblock(change), Fields.Superblock);
                break;
            case < 7:
                ChangeField("root", change => forge.ChangeRoot(change), Fields.Root);
                break;
            case < 15:
                ChangeField("control", change => forge.ChangeControl(change), Fields.Control);
                break;
            case < 18:
                ChangeField("descriptor", change => forge.ChangeDescriptor(0, change), Fields.Descriptor);
                break;
            case < 27:
                ChangeBits();
                break;
            case < 33:
                ChangeHeader();
                break;
            case < 48:
                ChangeEntries();
                break;
            case < 54:
                ChangeSlots();
                break;
            case < 85 when map.Batches.Count == 0 || random.Next(2) == 0:
                ChangeItems();
                break;
            case < 88:
                PlantRedo();
                break;
            case < 90:
                SwapTrees();
                break;
            case < 92:
                GarbleBlock();
                break;
            default:
                ChangeLog();
                break;
        }
    }

    private void ChangeField(string what, Action<ImageForge.Change> apply, (int Offset, int Length)[] fields)
    {
        (int offset, int length) = fields[random.Next(fields.Length)];
        apply(bytes => ChangeValue($"{what} +{offset}", bytes.Slice(offset, length)));
    }

    private void ChangeValue(string what, Span<byte> field)
    {
        ulong value = field.Length switch
        {
            1 => field[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(field),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(field),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(field),
        };
        ulong changed = AnyValue(value, field.Length);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, changed);
        bytes[..field.Length].CopyTo(field);
        _done.Add($"{what}: {value:x} to {changed:x}");
    }

    private ulong AnyValue(ulong value, int length)
    {
        ulong top = length == 8 ? ulong.MaxValue : (1UL << (8 * length)) - 1;
        return top & random.Next(16) switch
        {
            0 => 0,
            1 => top,
            2 => top >> 1,
            3 => (top >> 1) + 1,
            4 => value + 1,
            5 => value - 1,
            6 => value ^ (1UL << random.Next(8 * length)),
            7 => (ulong)random.NextInt64(),
            8 => (ulong)random.Next(20),
            9 => AnyNode().Block,
            10 => AnyBlock(),
            11 => map.SizeBlocks + (ulong)random.Next(3) - 1,
            12 => map.Generation + (ulong)random.Next(6) - 1,
            13 => value * 2,
            14 => (ulong)random.Next(1, 500),
            _ => 1UL << random.Next(8 * length),
        };
    }

    private NodePlace AnyNode() => map.Nodes[random.Next(map.Nodes.Count)];

    private ulong AnyBlock() => random.Next(4) switch
    {
        0 => map.FreeBlocks[random.Next(map.FreeBlocks.Count)],
        1 => AnyNode().Block + (ulong)random.Next(4),
        2 => (ulong)(map.Ring.OffsetBytes / LogFormat.PageBytes) + (ulong)random.Next(map.Ring.PageCount),
        _ => (ulong)random.NextInt64((long)map.SizeBlocks),
    };

    private NodePlace AnyNode(bool isLeaf)
    {
        NodePlace[] nodes = [.. map.Nodes.Where(node => node.Level == 0 == isLeaf)];
        return nodes[random.Next(nodes.Length)];
    }

    private void ChangeBits()
    {
        ulong first = Math.Max(AnyBlock(), forge.Layout.FirstGroupBlock);
        int count = random.Next(3) switch { 0 => 1, 1 => 4, _ => random.Next(1, 300) };
        count = (int)Math.Min((ulong)count, map.SizeBlocks - first);
        bool isUsed = random.Next(3) == 0;
        _done.Add($"bits of {count} blocks from {first}: {isUsed}");
        forge.ChangeBits(first, count, isUsed);
    }

    private void ChangeHeader()
    {
        NodePlace place = AnyNode();
        (int offset, int length) = Fields.NodeHeader[random.Next(Fields.NodeHeader.Length)];
        forge.ChangeNode(place, node => ChangeValue($"header of node {place.Block} level {place.Level} +{offset}", node.Slice(offset, length)));
    }

    private void ChangeEntries()
    {
        NodePlace place = AnyNode(isLeaf: false);
        forge.ChangeNode(place, node =>
        {
            int count = BinaryPrimitives.ReadUInt16LittleEndian(node[38..]);
            Span<InnerEntry> entries = MemoryMarshal.Cast<byte, InnerEntry>(node[NodeHeader.SizeBytes..])[..count];
            int index = random.Next(count);
            int other = random.Next(count);
            switch (random.Next(5))
            {
                case 0:
                    entries[index].Pointer = entries[other].Pointer;
                    _done.Add($"node {place.Block}: child {other} also as {index}");
                    break;
                case 1:
                    (entries[index].Pointer, entries[other].Pointer) = (entries[other].Pointer, entries[index].Pointer);
                    _done.Add($"node {place.Block}: children {other} and {index} change places");
                    break;
                case 2:
                    (int offset, int length) = Fields.InnerEntry[random.Next(Fields.InnerEntry.Length)];
                    ChangeValue($"node {place.Block}: entry {index} +{offset}", node.Slice(NodeHeader.SizeBytes + (index * InnerEntry.SizeBytes) + offset, length));
                    break;
                case 3:
                    entries[(index + 1)..].CopyTo(entries[index..]);
                    BinaryPrimitives.WriteUInt16LittleEndian(node[38..], (ushort)(count - 1));
                    _done.Add($"node {place.Block}: without entry {index}");
                    break;
                default:
                    NodePlace target = AnyNode();
                    entries[index].Block = target.Block + (ulong)random.Next(2);
                    _done.Add($"node {place.Block}: entry {index} leads to {entries[index].Block}");
                    break;
            }
        });
    }

    private void ChangeSlots()
    {
        NodePlace place = AnyNode(isLeaf: true);
        forge.ChangeNode(place, node =>
        {
            int index = random.Next(BinaryPrimitives.ReadUInt16LittleEndian(node[38..]));
            (int offset, int length) = Fields.LeafSlot[random.Next(Fields.LeafSlot.Length)];
            ChangeValue($"leaf {place.Block}: slot {index} +{offset}", node.Slice(NodeHeader.SizeBytes + (index * LeafSlot.SizeBytes) + offset, length));
        });
    }

    private void ChangeItems()
    {
        NodePlace place = AnyNode(isLeaf: true);
        forge.ChangeNode(place, node =>
        {
            SortedDictionary<TreeKey, byte[]> items = LeafBytes.Read(node);
            for (int count = random.Next(1, 4); count > 0 && items.Count > 1; count--)
            {
                ChangeItem(place, items);
            }

            LeafBytes.Write(node, items);
        });
    }

    private void ChangeItem(NodePlace place, SortedDictionary<TreeKey, byte[]> items)
    {
        TreeKey[] keys = [.. items.Keys];
        TreeKey key = keys[random.Next(keys.Length)];
        TreeKey other = keys[random.Next(keys.Length)];
        byte[] value = items[key];
        string what = $"leaf {place.Block}: item {key}";
        switch (random.Next(10))
        {
            case 0:
                items.Remove(key);
                _done.Add($"{what} removed");
                break;
            case 1:
                items[key] = items[other];
                _done.Add($"{what} gets the value of {other}");
                break;
            case 2:
                TreeKey moved = random.Next(2) == 0 ? key with { Low = AnyValue(key.Low, 8) } : key with { High = AnyValue(key.High, 8) };
                items[moved] = value;
                _done.Add($"{what} also as {moved}");
                break;
            case 3:
                items[key] = [.. value.Take(random.Next(value.Length + 1))];
                _done.Add($"{what} cut to {items[key].Length} bytes");
                break;
            case 4:
                TreeKey retyped = key with { Low = (key.Low & FileKey.MaxSub) | ((ulong)random.Next(16) << FileKey.SubBits) };
                items[retyped] = value;
                _done.Add($"{what} also as {retyped}");
                break;
            default:
                int length = 1 << random.Next(4);
                if (value.Length >= length)
                {
                    items[key] = value = [.. value];
                    int offset = Math.Min(random.Next(2) == 0 ? random.Next(value.Length) : random.Next(Math.Min(40, value.Length)), value.Length - length) / length * length;
                    ChangeValue($"{what} +{offset}", value.AsSpan(offset, length));
                }

                break;
        }
    }

    private void PlantRedo()
    {
        ulong list = map.FreeBlocks[random.Next(map.FreeBlocks.Count)];
        List<RedoEntry> entries = [];
        for (int count = random.Next(1, 5); count > 0; count--)
        {
            ulong source = AnyBlock();
            entries.Add(new RedoEntry(AnyBlock(), source, source < map.SizeBlocks ? forge.ChecksumOf(source) : 0));
        }

        _done.Add($"redo list at {list}: {string.Join(", ", entries)}");
        forge.PlantRedoList(list, entries, random.Next(3) > 0 ? null : bytes => ChangeValue("redo list", bytes.Slice(random.Next(6) * 4, 4)));
        if (random.Next(4) == 0)
        {
            ChangeField("root", change => forge.ChangeRoot(change), [(104, 8), (112, 4), (116, 4)]);
        }
    }

    private void SwapTrees()
    {
        NodePointer target = default;
        forge.ChangeTreePointer(2, pointer => target = pointer);
        int tree = random.Next(2);
        _done.Add($"tree {tree} is the file tree");
        forge.ChangeTreePointer(tree, _ => target);
    }

    private void GarbleBlock()
    {
        ulong block = AnyBlock();
        _done.Add($"block {block} garbled");
        forge.ChangeBlock(block, bytes => bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256));
    }

    private void ChangeLog()
    {
        if (map.Batches.Count == 0)
        {
            ChangeItems();
            return;
        }

        int index = random.Next(map.Batches.Count);
        forge.ChangeBatch(map.Batches, index, pages =>
        {
            if (random.Next(4) == 0)
            {
                (int field, int fieldLength) = Fields.Batch[random.Next(Fields.Batch.Length)];
                ChangeValue($"batch {index} +{field}", pages.Slice(field, fieldLength));
                return;
            }

            int recordBytes = BinaryPrimitives.ReadInt32LittleEndian(pages[40..]);
            int record = AnyRecord(pages, recordBytes, out int length);
            (int offset, int size) = random.Next(4) switch
            {
                0 => (random.Next(2), 1),
                1 => (2, 2),
                2 => (4 + (random.Next(Math.Max(1, (length - 8) / 4)) * 4), 4),
                _ => (4 + (random.Next(Math.Max(1, (length - 12) / 8)) * 8), 8),
            };
            offset = Math.Min(offset, pages.Length - size - record);
            ChangeValue($"batch {index}, record at {record} of kind {pages[record]} +{offset}", pages.Slice(record + offset, size));
        });
    }

    private int AnyRecord(ReadOnlySpan<byte> pages, int recordBytes, out int length)
    {
        List<int> places = [];
        int end = (int)Math.Clamp(LogBatchHeader.SizeBytes + (long)recordBytes, LogBatchHeader.SizeBytes + 1, pages.Length - LogFormat.RecordHeaderBytes);
        for (int at = LogBatchHeader.SizeBytes; at < end; at += Math.Max(4, (int)BinaryPrimitives.ReadUInt16LittleEndian(pages[(at + 2)..])))
        {
            places.Add(at);
        }

        int place = places[random.Next(places.Count)];
        length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(pages[(place + 2)..]), pages.Length - place);
        return place;
    }

    /// <summary>Offsets and lengths of fields (FORMAT.md).</summary>
    private static class Fields
    {
        public static (int Offset, int Length)[] Superblock { get; } =
            [(12, 4), (16, 8), (24, 8), (32, 8), (40, 8), (56, 8), (120, 4), (124, 4), (128, 8), (136, 8), (144, 8), (152, 4), (156, 4)];

        public static (int Offset, int Length)[] Root { get; } =
            [(12, 4), (16, 8), (32, 8), (40, 8), (48, 8), (56, 4), (60, 4), (64, 8), (72, 4), (76, 4), (80, 8), (104, 8), (112, 4), (116, 4), (256, 4), (260, 4)];

        public static (int Offset, int Length)[] Control { get; } =
            [(12, 4), (16, 8), (24, 8), (32, 4), (40, 8), (48, 8), (56, 4), (64, 8), (72, 8), (80, 4), (88, 8), (96, 4), (100, 4), (104, 8), (112, 4), (120, 8), (128, 8), (136, 8), (152, 8)];

        public static (int Offset, int Length)[] Descriptor { get; } = [(0, 4), (4, 4), (8, 4), (12, 4), (16, 8)];

        public static (int Offset, int Length)[] NodeHeader { get; } = [(8, 8), (16, 8), (24, 8), (32, 4), (36, 1), (37, 1), (38, 2), (40, 2), (42, 2), (44, 2)];

        public static (int Offset, int Length)[] InnerEntry { get; } = [(0, 8), (8, 8), (16, 8), (24, 8), (32, 4), (36, 4)];

        public static (int Offset, int Length)[] LeafSlot { get; } = [(0, 8), (8, 8), (16, 2), (18, 2)];

        public static (int Offset, int Length)[] Batch { get; } = [(8, 8), (16, 8), (24, 8), (32, 4), (36, 4), (40, 4), (44, 4), (48, 8)];
    }
}
