using System.Buffers.Binary;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>A tree on a block file, with its root in the control data.</summary>
internal sealed class NodeStoreRig : IDisposable
{
    private const uint TreeId = 16;
    private readonly BlockFileFixture _image;

    public NodeStoreRig(MetadataAccess metadata, BlockFileFormat? format = null, long frameMemoryBytes = 4 << 20)
    {
        _image = new BlockFileFixture(metadata, format, new BlockFileOptions { FrameMemoryBytes = frameMemoryBytes });
        Store = new BlockNodeStore(File);
        Tree = new Tree(Store, TreeId, NodePointer.None);
    }

    public BlockFile File => _image.File;

    public KeptDevice Device => _image.Device;

    public BlockNodeStore Store { get; private set; }

    public Tree Tree { get; private set; }

    public int LoadCount { get; private set; }

    /// <summary>Called after each commit.</summary>
    public Action Committed { get; set; } = () => { };

    public Errno Put(ulong key, ReadOnlySpan<byte> value)
    {
        while (true)
        {
            Errno error = Store.Reserve(Tree.WorstCaseNodeCount(1));
            if (error != Errno.None)
            {
                return error;
            }

            TreeStatus status = Tree.Put(new TreeKey(key, 0), value, out NodePointer cold);
            if (status != TreeStatus.Cold)
            {
                Assert.Equal(TreeStatus.Ok, status);
                return Errno.None;
            }

            Load(cold);
        }
    }

    public TreeStatus Delete(ulong key, AllocationRight right = AllocationRight.Ordinary)
    {
        while (true)
        {
            Errno error = Store.Reserve(Tree.WorstCaseNodeCount(1), right);
            if (error == Errno.EBUSY)
            {
                Commit();
                continue;
            }

            Assert.Equal(Errno.None, error);
            TreeStatus status = Tree.Delete(new TreeKey(key, 0), out NodePointer cold);
            Tree.DropEmptied();
            if (status != TreeStatus.Cold)
            {
                return status;
            }

            Load(cold);
        }
    }

    /// <summary>The value of a key; null if it is not there.</summary>
    public byte[]? Find(ulong key)
    {
        while (true)
        {
            TreeStatus status = Tree.Find(new TreeKey(key, 0), out ReadOnlySpan<byte> value, out NodePointer cold);
            if (status != TreeStatus.Cold)
            {
                return status == TreeStatus.Ok ? value.ToArray() : null;
            }

            Load(cold);
        }
    }

    public void Commit()
    {
        BeginCommit();
        Assert.Equal(Errno.None, File.WriteOut());
        File.Publish();
        Store.NotePublished();
        Committed();
    }

    /// <summary>Writes what is in the open generation to its places, before any commit.</summary>
    public void WriteAhead() => Assert.Equal(Errno.None, Store.WriteAhead([Tree]));

    /// <summary>Closes the generation and seals it.</summary>
    public void BeginCommit()
    {
        ulong closing = File.Generation;
        var seal = new TreeSeal(Store, Tree);
        Assert.Equal(Errno.None, File.BeginCommit());
        seal.Begin(closing);
        while (!seal.Step(64))
        {
        }

        var control = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(control, seal.Root.Block.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(control.AsSpan(8), seal.Root.Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(control.AsSpan(16), seal.Root.Checksum);
        Assert.Equal(Errno.None, File.SetCommitControlData(control));
    }

    public void Reopen()
    {
        Store.Dispose();
        byte[] control = _image.Reopen().ControlData();
        Store = new BlockNodeStore(File);
        NodePointer root = control.Length == 0
            ? NodePointer.None
            : new NodePointer(
                new BlockNumber(BinaryPrimitives.ReadUInt64LittleEndian(control)),
                BinaryPrimitives.ReadUInt64LittleEndian(control.AsSpan(8)),
                BinaryPrimitives.ReadUInt32LittleEndian(control.AsSpan(16)));
        Tree = new Tree(Store, TreeId, root);
    }

    public void Dispose()
    {
        Store.Dispose();
        _image.Dispose();
    }

    private void Load(NodePointer cold)
    {
        LoadCount++;
        Assert.Equal(Errno.None, Store.Load(cold));
    }
}
