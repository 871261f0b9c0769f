using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>A tree over a block file: what is found, loaded, refused and kept. Over both ways of reading.</summary>
public sealed class BlockNodeStoreTests(ITestOutputHelper output)
{
    private const int ValueBytes = 500;

    public static TheoryData<MetadataAccess> Sources => [MetadataAccess.Mapped, MetadataAccess.Pread];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Tree_ChangesCommitsAndReopens_MatchesADictionary(MetadataAccess source)
    {
        var random = new Random(RandomSeed.Take(output));
        using var rig = new NodeStoreRig(source);
        SortedDictionary<ulong, byte> now = [];
        SortedDictionary<ulong, byte> committed = [];
        rig.Committed = () => committed = new(now);
        for (int step = 0; step < 30_000; step++)
        {
            ulong key = (ulong)random.Next(6000);
            if (random.Next(3) != 0)
            {
                byte value = (byte)random.Next(256);
                while (rig.Put(key, Value(value)) is Errno error && error != Errno.None)
                {
                    Assert.Equal(Errno.EBUSY, error);
                    MakeRoom(rig, random);
                }

                now[key] = value;
            }
            else if (random.Next(2) == 0)
            {
                TreeStatus deleted = rig.Delete(key);
                Assert.Equal(now.Remove(key) ? TreeStatus.Ok : TreeStatus.NotFound, deleted);
            }
            else
            {
                Assert.Equal(now.TryGetValue(key, out byte value) ? Value(value) : null, rig.Find(key));
            }

            if (random.Next(300) == 0)
            {
                MakeRoom(rig, random);
            }

            if (random.Next(1500) == 0)
            {
                rig.Reopen();
                now = new(committed);
            }
        }

        foreach ((ulong key, byte value) in now)
        {
            Assert.Equal(Value(value), rig.Find(key));
        }

        output.WriteLine($"{now.Count} items at the end, {rig.LoadCount} loads");
        Assert.True(rig.LoadCount > 100, "nothing was cold");
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Load_DamagedNode_IsEio(MetadataAccess source)
    {
        using var rig = new NodeStoreRig(source);
        Assert.Equal(Errno.None, rig.Put(1, Value(1)));
        rig.Commit();
        rig.Reopen();
        using var page = new NativeBuffer(4096);
        long offset = rig.Tree.Root.Block.OffsetBytes(4096) + 8192;
        rig.Device.Read(page.Span, offset);
        page.Span[5] ^= 1;
        rig.Device.Write(page.Span, offset);
        Assert.Equal(TreeStatus.Cold, rig.Tree.Find(new TreeKey(1, 0), out _, out NodePointer cold));
        Assert.Equal(Errno.EIO, rig.Store.Load(cold));
        Assert.Equal(Errno.EIO, rig.Store.Load(cold with { Block = new BlockNumber(3) }));
        Assert.Equal(Errno.EIO, rig.Store.Load(cold with { Block = new BlockNumber(ulong.MaxValue) }));
        Assert.Equal(Errno.ESTALE, rig.Store.Load(cold with { Block = cold.Block.Plus(100) }));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public unsafe void Find_FreedDuringACommit_StaysUntilItIsPublished(MetadataAccess source)
    {
        using var rig = new NodeStoreRig(source);
        Assert.Equal(Errno.None, rig.Put(1, Value(1)));
        NodePointer first = rig.Tree.Root;
        rig.BeginCommit();
        Assert.Equal(Errno.None, rig.Put(1, Value(2)));
        Assert.True(rig.Store.Find(first) != null);
        Assert.Equal(Errno.None, rig.File.WriteOut());
        rig.File.Publish();
        Assert.True(rig.Store.Find(first) == null);
        Assert.Equal(Value(2), rig.Find(1));
        rig.Reopen();
        Assert.Equal(Value(1), rig.Find(1));
    }

    [Fact]
    public void Reserve_FullImage_LeavesNodesForDeletions()
    {
        using var rig = new NodeStoreRig(MetadataAccess.Auto, new BlockFileFormat { SizeLimitBytes = 4 << 20 });
        ulong count = 0;
        Errno error = Errno.None;
        while (error == Errno.None)
        {
            error = rig.Put(count, Value(1));
            if (error == Errno.EBUSY)
            {
                rig.Commit();
                error = Errno.None;
                continue;
            }

            count += error == Errno.None ? 1u : 0;
        }

        Assert.Equal(Errno.ENOSPC, error);
        for (ulong key = 0; key < count; key++)
        {
            Assert.Equal(TreeStatus.Ok, rig.Delete(key, AllocationRight.Deleting));
            if (key % 50 == 0)
            {
                rig.Commit();
            }
        }

        rig.Commit();
        rig.Commit();
        Assert.Equal(Errno.None, rig.Put(1, Value(1)));
    }

    [Fact]
    public unsafe void NodeOperations_Warm_AllocateNoMemory()
    {
        using var rig = new NodeStoreRig(MetadataAccess.Auto);
        Assert.Equal(Errno.None, rig.Put(1, Value(1)));
        BlockNodeStore store = rig.Store;
        NodePointer root = rig.Tree.Root;
        AllocationProbe.AssertNone(() =>
        {
            store.Find(root);
            store.Reserve(2);
            byte* node = store.Allocate(out BlockNumber block);
            NodeFormat.Header(node)->Generation = store.Generation;
            store.Free(new NodePointer(block, store.Generation, 0));
        });
    }

    [Fact]
    public void Constructor_BlocksLargerThanANode_IsRefused()
    {
        using BlockFileFixture image = new(format: new BlockFileFormat { BlockSizeBytes = 65536 });
        Assert.Equal(StorageErrorKind.Invalid, Assert.Throws<StorageException>(() => new BlockNodeStore(image.File)).Kind);
    }

    private static void MakeRoom(NodeStoreRig rig, Random random)
    {
        if (random.Next(2) == 0)
        {
            rig.Commit();
        }
        else
        {
            rig.WriteAhead();
        }
    }

    private static byte[] Value(byte value)
    {
        var bytes = new byte[ValueBytes];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
