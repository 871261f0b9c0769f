using System.Buffers.Binary;
using System.Runtime.InteropServices;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>What images made with bad intent once led to: endless loops, changes in the map, reads outside. One test each.</summary>
public sealed class HostileVolumeTests : IDisposable
{
    private const long MaxCallCount = 20_000;
    private const uint AnyChecksum = 0x12345678;

    private readonly MemoryDevice _device = HostileSample.Closed.Copy();
    private readonly ImageForge _forge;

    public HostileVolumeTests() => _forge = new ImageForge(_device);

    public static TheoryData<MetadataAccess> Sources => [MetadataAccess.Mapped, MetadataAccess.Pread];

    private static ImageMap Map => HostileSample.Closed.Map;

    private static NodePlace Root => Map.Nodes.First(place => place is { Tree: 2, Path.Count: 1 });

    private static NodePlace Leaf => Map.Nodes.Where(place => place is { Tree: 2, Level: 0 }).ElementAt(5);

    public void Dispose()
    {
        _forge.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void Open_TreeOfALaterGeneration_IsCorrupt()
    {
        _forge.ChangeNode(Root, node => BinaryPrimitives.WriteUInt64LittleEndian(node[24..], Map.Generation + 3));
        _forge.ChangeTreePointer(2, pointer => pointer with { Generation = Map.Generation + 3 });
        AssertRefused(StorageErrorKind.Corrupt);
    }

    [Fact]
    public void Open_RootRecordOfTheLastGeneration_GoesOnFromTheOneBefore()
    {
        ulong last = (ulong.MaxValue - 15) | (Map.Generation % 16);
        _forge.ChangeRoot(record => BinaryPrimitives.WriteUInt64LittleEndian(record[32..], last));
        using Volume volume = Open(MetadataAccess.Auto);
        Assert.InRange(volume.Image.File.Generation, Map.Generation, Map.Generation + 10);
        Assert.Equal(0, Walk(volume));
    }

    [Fact]
    public void Open_LogOverTheRootRecords_IsCorrupt()
    {
        _forge.ChangeControl(control => BinaryPrimitives.WriteUInt64LittleEndian(control[88..], ImageLayout.RootRingOffsetBytes / 4096));
        AssertRefused(StorageErrorKind.Corrupt);
    }

    [Fact]
    public void Open_LogInFreeBlocks_IsCorrupt()
    {
        _forge.ChangeBits((ulong)Map.Ring.OffsetBytes / 4096, 1, isUsed: false);
        AssertRefused(StorageErrorKind.Corrupt);
    }

    [Fact]
    public void Check_RedoListThatLeadsToItself_ReadsItOnce()
    {
        ulong list = Map.FreeBlocks[0];
        _forge.PlantRedoList(list, [new RedoEntry(Map.FreeBlocks[1], Map.FreeBlocks[2], 0)], bytes =>
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, list);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], AnyChecksum);
            ChecksumForge.Force(bytes, 16, AnyChecksum);
        });
        _forge.ChangeRoot(record => BinaryPrimitives.WriteUInt32LittleEndian(record[112..], (uint)Map.SizeBlocks));
        using var watched = new WatchedDevice(new LentDevice(_device), MaxCallCount, canMap: false);
        Assert.False(RedoList.TryRead(watched, _forge.Layout, _forge.Root(), out _));
        Assert.Equal(1, watched.CallCount);
    }

    [Fact]
    public void Check_RedoListLongerThanTheImage_IsNotRead()
    {
        _forge.PlantRedoList(Map.FreeBlocks[0], [new RedoEntry(Map.FreeBlocks[1], Map.FreeBlocks[2], 0)]);
        _forge.ChangeRoot(record => BinaryPrimitives.WriteUInt32LittleEndian(record[112..], uint.MaxValue));
        using var watched = new WatchedDevice(new LentDevice(_device), MaxCallCount, canMap: false);
        Assert.False(RedoList.TryRead(watched, _forge.Layout, _forge.Root(), out _));
        Assert.Equal(0, watched.CallCount);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Walk_NodeInFreeBlocks_IsEio(MetadataAccess source)
    {
        _forge.ChangeBits(Leaf.Block, 4, isUsed: false);
        using Volume volume = Open(source);
        Assert.True(Walk(volume) > 0);
    }

    // Between two changes the place of the node goes to a new one: whoever still has the pointer must not wait for it.
    [Theory]
    [MemberData(nameof(Sources))]
    public void Walk_NodeWhoseBlocksWereUsedAgain_IsEio(MetadataAccess source)
    {
        _forge.ChangeBits(Leaf.Block, 4, isUsed: false);
        using Volume volume = Open(source);
        for (int index = 0; index < 200; index++)
        {
            volume.MakeDirectory(InodeNumber.Root, System.Text.Encoding.ASCII.GetBytes($"new {index}"), 0x1ED, default, out _);
            volume.Checkpoint();
        }

        Assert.True(Walk(volume) > 0);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Walk_DamagedBitmap_ReadsEverything(MetadataAccess source)
    {
        GroupDescriptor descriptor = ImageOpener.ReadDescriptors(_device, _forge.Layout, _forge.Root())![0];
        _forge.ChangeBlock((ulong)_forge.Layout.BitmapOffsetBytes(0, descriptor.Slot) / 4096, bytes => bytes[4000] ^= 1);
        using Volume volume = Open(source);
        Assert.Equal(0, Walk(volume));
    }

    // A leaf's bytes that mean nothing are made to look like a node that begins one block behind it.
    [Theory]
    [MemberData(nameof(Sources))]
    public void Walk_NodeInsideOfAnother_IsVerified(MetadataAccess source)
    {
        ulong generation = 0;
        _forge.ChangeNode(Leaf, node =>
        {
            generation = BinaryPrimitives.ReadUInt64LittleEndian(node[24..]);
            SortedDictionary<TreeKey, byte[]> items = LeafBytes.Read(node);
            LeafBytes.Write(node, new SortedDictionary<TreeKey, byte[]>(items.Take(3).ToDictionary()));
            ref NodeHeader header = ref MemoryMarshal.AsRef<NodeHeader>(node);
            header.DeadBytes = (ushort)(header.ValueStart - 4096);
            header.ValueStart = 4096;
            node[..NodeHeader.SizeBytes].CopyTo(node[4096..]);
            ref NodeHeader inside = ref MemoryMarshal.AsRef<NodeHeader>(node[4096..]);
            inside.Block++;
            inside.Count = ushort.MaxValue;
        });
        _forge.ChangeNode(Root, node =>
        {
            Span<InnerEntry> entries = MemoryMarshal.Cast<byte, InnerEntry>(node[NodeHeader.SizeBytes..]);
            int index = 0;
            while (entries[index].Block != Leaf.Block)
            {
                index++;
            }

            entries[index + 1].Pointer = new NodePointer(new BlockNumber(Leaf.Block + 1), generation, AnyChecksum);
        });
        using Volume volume = Open(source);
        Assert.True(Walk(volume) > 0);
    }

    [Fact]
    public void Read_ExtentBeyondTheImage_IsEioAndReadsNothing()
    {
        ChangeExtent(isUnwritten: false, value => BinaryPrimitives.WriteUInt64LittleEndian(value, Map.SizeBlocks + 5));
        using Volume volume = Open(MetadataAccess.Pread, out WatchedDevice watched);
        Assert.True(Walk(volume) > 0);
        Assert.Null(watched.Outside);
    }

    [Fact]
    public void Write_SetAsideBeyondTheImage_IsEio()
    {
        TreeKey key = ChangeExtent(isUnwritten: true, value => BinaryPrimitives.WriteUInt64LittleEndian(value, Map.SizeBlocks + 5));
        using Volume volume = Open(MetadataAccess.Pread);
        Assert.Equal(Errno.EIO, volume.Write(key.Inode(), key.Sub() * 4096, new byte[4096]).Error);
        Assert.Equal(Errno.None, volume.Sync());
    }

    [Fact]
    public void Change_TreeOfTheHighestLevel_IsEio()
    {
        byte[] header = _forge.ReadNode(Root.Block)[..NodeHeader.SizeBytes].ToArray();
        NodePointer below = _forge.Control().State.FileTree;
        using IEnumerator<ulong> places = FreeRuns().GetEnumerator();
        for (byte level = (byte)(Root.Level + 1); level <= NodeFormat.MaxLevel; level++)
        {
            Assert.True(places.MoveNext());
            below = PlantAbove(below, header, places.Current, level);
        }

        _forge.ChangeTreePointer(2, _ => below);
        using Volume volume = Open(MetadataAccess.Pread);
        Assert.Equal(0, Walk(volume));
        Assert.Equal(Errno.EIO, volume.MakeDirectory(InodeNumber.Root, "new"u8, 0x1ED, default, out _));
    }

    // A file claims blocks that are free; a new node gets them, and then the file is cut.
    [Fact]
    public void Free_BlocksOfANewNode_IsCountedAndKeepsTheNode()
    {
        ulong place;
        using (MemoryDevice probe = HostileSample.Closed.Copy())
        using (Volume volume = Volume.Open(new LentDevice(probe)))
        {
            place = PlaceOfNewNode(volume);
        }

        TreeKey key = ChangeExtent(isUnwritten: true, value =>
        {
            BinaryPrimitives.WriteUInt64LittleEndian(value, place);
            BinaryPrimitives.WriteUInt32LittleEndian(value[16..], 4);
        });
        using Volume hostile = Volume.Open(new LentDevice(_device));
        Assert.Equal(place, PlaceOfNewNode(hostile));
        Assert.Equal(Errno.None, hostile.SetSize(key.Inode(), 0));
        Assert.Equal(1, hostile.Image.ForeignFreeCount);
        Assert.Equal(Errno.None, hostile.Checkpoint());
        Assert.Equal(0, Walk(hostile));
    }

    private static int Walk(Volume volume)
    {
        var user = new HostileUser(new Random(1), volume);
        user.Walk();
        return user.DamageCount;
    }

    private static ulong PlaceOfNewNode(Volume volume)
    {
        Assert.Equal(Errno.None, volume.MakeDirectory(InodeNumber.Root, "new"u8, 0x1ED, default, out _));
        return volume.Core.Files.Root.Block.Value;
    }

    private static IEnumerable<ulong> FreeRuns()
    {
        for (int index = 0; index + 3 < Map.FreeBlocks.Count; index++)
        {
            if (Map.FreeBlocks[index + 3] == Map.FreeBlocks[index] + 3)
            {
                yield return Map.FreeBlocks[index];
                index += 3;
            }
        }
    }

    private Volume Open(MetadataAccess source) => Open(source, out _);

    private Volume Open(MetadataAccess source, out WatchedDevice watched)
    {
        watched = new WatchedDevice(new LentDevice(_device), MaxCallCount, canMap: true);
        return Volume.Open(watched, new VolumeOptions { File = new BlockFileOptions { Metadata = source } });
    }

    private void AssertRefused(StorageErrorKind kind)
    {
        StorageException refusal = Assert.Throws<StorageException>(() => Open(MetadataAccess.Auto).Dispose());
        Assert.Equal(kind, refusal.Kind);
    }

    private NodePointer PlantAbove(NodePointer below, byte[] header, ulong block, byte level)
    {
        ulong generation = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(24));
        _forge.ChangeBits(block, 4, isUsed: true);
        uint checksum = _forge.PlantNode(block, node =>
        {
            node.Clear();
            header.CopyTo(node);
            ref NodeHeader above = ref MemoryMarshal.AsRef<NodeHeader>(node);
            above.Block = block;
            above.Level = level;
            above.Count = 1;
            MemoryMarshal.Cast<byte, InnerEntry>(node[NodeHeader.SizeBytes..])[0].Pointer = below;
        });
        return new NodePointer(new BlockNumber(block), generation, checksum);
    }

    // The first extent of that sort; what it says of its inode besides need not be right.
    private TreeKey ChangeExtent(bool isUnwritten, ImageForge.Change change)
    {
        foreach (NodePlace place in Map.Nodes.Where(place => place is { Tree: 2, Level: 0 }))
        {
            SortedDictionary<TreeKey, byte[]> items = LeafBytes.Read(_forge.ReadNode(place.Block));
            foreach ((TreeKey key, byte[] value) in items)
            {
                if (key.Type() == ItemType.Extent && ExtentItem.TryRead(value, out ExtentItem extent) && extent.IsUnwritten == isUnwritten)
                {
                    change(value);
                    _forge.ChangeNode(place, node => LeafBytes.Write(node, items));
                    return key;
                }
            }
        }

        throw new InvalidOperationException("there is no such extent");
    }
}
