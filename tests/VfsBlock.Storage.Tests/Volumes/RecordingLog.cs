using VfsBlock.Interop;
using VfsBlock.Storage.Tests.Trees;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>A log that does everything again in a tree of its own, as recovery would, and is strict about what a volume may write.</summary>
internal sealed class RecordingLog : ITransactionLog, IDisposable
{
    private const int RecordHeaderBytes = 22;

    private readonly MemoryNodeStore _store = new();
    private int _announcedBytes;

    public RecordingLog() => Replayed = new Tree(_store, VolumeState.FileTreeId, NodePointer.None);

    public Tree Replayed { get; }

    public InodeNumber NextInode { get; private set; }

    public int TransactionCount { get; private set; }

    /// <summary>Reserve answers so many times that there is no room.</summary>
    public int RefusalCount { get; set; }

    public Errno Reserve(int recordBytes, bool isUrgent)
    {
        if (RefusalCount > 0)
        {
            RefusalCount--;
            return Errno.EBUSY;
        }

        _announcedBytes = recordBytes;
        Assert.Equal(Errno.None, _store.Reserve(10_000));
        return Errno.None;
    }

    public void Put(LogTree tree, TreeKey key, ReadOnlySpan<byte> value)
    {
        Take(tree, value.Length);
        Assert.Equal(TreeStatus.Ok, Replayed.Put(key, value, out _));
    }

    public void Delete(LogTree tree, TreeKey key)
    {
        Take(tree, 0);
        Assert.Equal(TreeStatus.Ok, Replayed.Delete(key, out _));
    }

    public void Patch(LogTree tree, TreeKey key, int offsetBytes, ReadOnlySpan<byte> bytes)
    {
        Assert.False(bytes.IsEmpty);
        Take(tree, bytes.Length);
        Assert.Equal(TreeStatus.Ok, Replayed.Patch(key, offsetBytes, bytes, out _));
    }

    public void Allocate(BlockRun run) => Assert.Fail("There is no data here.");

    public void Free(BlockRun run) => Assert.Fail("There is no data here.");

    public void Data(BlockNumber first, ReadOnlySpan<uint> checksums) => Assert.Fail("There is no data here.");

    public void SetNextInode(InodeNumber number)
    {
        Take(LogTree.File, 0);
        NextInode = number;
    }

    public void End() => TransactionCount++;

    public void Dispose() => _store.Dispose();

    private void Take(LogTree tree, int byteCount)
    {
        Assert.Equal(LogTree.File, tree);
        _announcedBytes -= RecordHeaderBytes + byteCount;
        Assert.True(_announcedBytes >= 0, "more was written than announced");
    }
}
