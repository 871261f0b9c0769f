using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Nodes of trees in a <see cref="BlockFile"/>: a node of the open generation is a dirty frame; others are found in clean frames, or in the map once
/// they were verified there.
/// </summary>
/// <remarks>
/// Owns what it set aside: runs and frames, so that <see cref="Allocate"/> cannot fail. Threads and locks: as <see cref="INodeStore"/> says. The
/// caller's lock that keeps changes away from <see cref="Find"/> also covers the file's BeginCommit and Publish; and
/// whoever sets <see cref="RunExclusively"/> lends it to loads that need memory which readers may still be looking at, or which a change relies on.
/// </remarks>
public sealed unsafe class BlockNodeStore : INodeStore, IDisposable
{
    // Nodes that only a deletion may use: a full image can then be emptied, however its free space is cut up.
    private const int SpareMax = 32;

    private readonly BlockFile _file;
    private readonly int _nodeBlocks;
    private readonly List<HeldNode> _held = [];
    private readonly long _memoryNodes;

    // Nodes born in the open generation, and in the one that is being committed: they stay in memory until then.
    private long _openCount;
    private long _closedCount;
    private ulong _openGeneration;

    /// <summary>Puts a node store on a file.</summary>
    /// <param name="file">The file; it stays the caller's and must outlive the store. One store a file.</param>
    /// <exception cref="StorageException">A node is not a whole number of blocks (Invalid).</exception>
    public BlockNodeStore(BlockFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.BlockSizeBytes > NodeFormat.SizeBytes)
        {
            throw new StorageException(
                StorageErrorKind.Invalid,
                $"cannot put trees into {file.Path}: its blocks have {file.BlockSizeBytes} bytes, and a node has {NodeFormat.SizeBytes}",
                "Make it with smaller blocks.");
        }

        _file = file;
        _nodeBlocks = NodeFormat.SizeBytes / file.BlockSizeBytes;
        _memoryNodes = file.FrameMemoryBytes / NodeFormat.SizeBytes;
        ImageId = file.ImageId;
        file.HasUnlockedReaders = true;
    }

    /// <inheritdoc/>
    public ulong ImageId { get; }

    /// <inheritdoc/>
    public ulong Generation => _file.Generation;

    /// <summary>
    /// Runs an action while no thread is between <see cref="Find"/> and letting the caller's lock go. Called by <see cref="Load"/> only, which holds no
    /// lock. Unless it is set, the action runs at once: right for one thread only.
    /// </summary>
    public Action<Action>? RunExclusively { get; set; }

    /// <summary>Blocks that are written to without asking, such as a log's: no node is believed to lie there.</summary>
    public BlockRun Excluded { get; init; }

    /// <summary>Nodes that are set aside for <see cref="Allocate"/>, those for deletions included.</summary>
    public int HeldCount => _held.Count;

    /// <summary>Nodes of the open generation that must stay in memory.</summary>
    public long OpenCount => _openCount;

    /// <inheritdoc/>
    public long EvictionCount => _file.EvictionCount;

    /// <inheritdoc/>
    public byte* Find(in NodePointer node)
    {
        var bytes = (byte*)_file.LocateNode(node.Block);

        // The place may have been somebody else's before: the header tells, and the caller reads it anyway.
        return bytes != null && IsHeaderOf(bytes, node) ? bytes : null;
    }

    /// <summary>True if <see cref="Find"/> would have it.</summary>
    public bool IsInMemory(in NodePointer node) => Find(node) != null;

    /// <inheritdoc/>
    public Errno Load(in NodePointer node)
    {
        NodePointer wanted = node;
        bool isExcluded = node.Block < Excluded.End && Excluded.First.Value < node.Block.Value + (ulong)_nodeBlocks;
        return isExcluded ? Errno.EIO : _file.LoadNode(wanted, _nodeBlocks, bytes => NodeValidator.Validate(bytes, wanted, ImageId) == NodeFault.None, Recycle);
    }

    /// <inheritdoc/>
    public void NoteDamage(in NodePointer node) =>
        _file.Log($"the node of generation {node.Generation} at {node.Block} cannot be read, or is not what its parent says (checksum {node.Checksum:x8}). Run a check.");

    /// <summary>How many nodes of memory only urgent changes may use, a quarter of it at most: a commit needs some before it can free any.</summary>
    public int UrgentNodeCount { get; set; }

    /// <summary>Tells that a commit was published: its nodes no longer have to stay in memory. As <see cref="Allocate"/>, under the caller's lock.</summary>
    public void NotePublished()
    {
        CountGenerations();
        _closedCount = 0;
    }

    /// <inheritdoc/>
    public Errno Reserve(int nodeCount) => Reserve(nodeCount, AllocationRight.Ordinary);

    /// <inheritdoc/>
    public Errno ReserveUrgently(int nodeCount) => Reserve(nodeCount, AllocationRight.Deleting);

    /// <summary>As <see cref="Reserve(int)"/>; a deletion may use up what is kept for it.</summary>
    /// <param name="nodeCount">How many nodes the change may need.</param>
    /// <param name="right">Ordinary or deleting.</param>
    public Errno Reserve(int nodeCount, AllocationRight right)
    {
        CountGenerations();
        long kept = right == AllocationRight.Deleting ? 0 : Math.Min(UrgentNodeCount, _memoryNodes / 4);
        if (_openCount + _closedCount > 0 && _openCount + _closedCount + nodeCount > _memoryNodes - kept)
        {
            return Errno.EBUSY;
        }

        int spare = Math.Min(SpareMax, (int)(_file.SizeBytes / NodeFormat.SizeBytes / 16));
        int wanted = nodeCount + (right == AllocationRight.Deleting ? 0 : spare);
        Errno error = Errno.None;
        while (_held.Count < wanted && error == Errno.None)
        {
            error = _file.HoldNode(_nodeBlocks, right, out HeldNode held);
            if (error == Errno.None)
            {
                _held.Add(held);
            }
        }

        return _held.Count >= wanted ? Errno.None : error;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Nothing is reserved.</exception>
    public byte* Allocate(out BlockNumber block)
    {
        if (_held.Count == 0)
        {
            throw new InvalidOperationException("no node is reserved; reserve before a change");
        }

        CountGenerations();
        _openCount++;
        HeldNode held = _held[^1];
        _held.RemoveAt(_held.Count - 1);
        block = held.Run.First;
        return (byte*)_file.UseNode(held);
    }

    /// <inheritdoc/>
    public void Free(in NodePointer node)
    {
        CountGenerations();
        _openCount -= node.Generation == _openGeneration && node.Checksum == 0 ? 1 : 0;
        Errno error = _file.Free(node.Block, _nodeBlocks);
        if (error is Errno.EINVAL or Errno.ENOENT)
        {
            // On a damaged image somebody else may have named these blocks, and given them back before.
            _file.NoteForeignFree($"the blocks of the node at {node.Block}", error);
        }
    }

    /// <summary>
    /// Seals all nodes of the open generation and writes them to their places ahead of the commit, so that other nodes can have their memory. From then on they are as
    /// those of older generations: read where they are, copied when they change. Exclusive to everything else.
    /// </summary>
    /// <param name="trees">All trees that have nodes of the open generation.</param>
    /// <returns>As <see cref="BlockFile.WriteOut"/>.</returns>
    public Errno WriteAhead(IReadOnlyList<Tree> trees)
    {
        foreach (Tree tree in trees)
        {
            var seal = new TreeSeal(this, tree);
            seal.Begin(Generation);
            while (!seal.IsDone)
            {
                seal.Step(int.MaxValue);
            }
        }

        // What has 0 for a checksum looks as if it was not sealed, and is treated so everywhere.
        CountGenerations();
        Errno error = _file.WriteEarly(static bytes => MemoryMarshal.Read<NodeHeader>(bytes).Checksum != 0, out int leftCount);
        _openCount = error == Errno.None ? leftCount : _openCount;
        return error;
    }

    /// <summary>Says that nodes will be loaded soon. Neighbours are asked for together.</summary>
    /// <param name="blocks">Their places; sorted here.</param>
    public void ReadAhead(Span<BlockNumber> blocks)
    {
        blocks.Sort();
        for (int start = 0; start < blocks.Length;)
        {
            int end = start + 1;
            while (end < blocks.Length && blocks[end] == blocks[end - 1].Plus((ulong)_nodeBlocks))
            {
                end++;
            }

            _file.ReadAhead(new BlockRun(blocks[start], (end - start) * _nodeBlocks));
            start = end;
        }
    }

    /// <summary>Gives back what was set aside.</summary>
    public void Dispose()
    {
        foreach (HeldNode held in _held)
        {
            _file.ReleaseNode(held);
        }

        _held.Clear();
    }

    /// <summary>True if the bytes say of themselves that they are the node which the pointer means.</summary>
    internal static bool IsHeaderOf(byte* bytes, in NodePointer node) =>
        NodeFormat.Header(bytes)->Generation == node.Generation && NodeFormat.Header(bytes)->Block == node.Block.Value;

    private void CountGenerations()
    {
        if (_openGeneration != Generation)
        {
            // A generation closes only when the commit of the one before was published.
            _openGeneration = Generation;
            _closedCount = _openCount;
            _openCount = 0;
        }
    }

    private void Recycle(Action action)
    {
        if (RunExclusively is null)
        {
            action();
        }
        else
        {
            RunExclusively(action);
        }
    }
}
