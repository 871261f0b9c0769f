using System.Runtime.InteropServices;
using Mono.Unix.Native;
using Errno = VfsBlock.Interop.Errno;
using Xunit;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>
/// A node store without a device: generations that close, nodes that go cold when the "lock" is let go, a limit on what may be reserved. It is strict:
/// it throws on an allocation that was not reserved, on a double free, on a lookup of a node that is gone or is not what the pointer says. Behind each node
/// lies a page that may not be touched.
/// </summary>
internal sealed unsafe class MemoryNodeStore : INodeStore, IDisposable
{
    private const int ChunkNodeCount = 64;
    private const int GuardBytes = 4096;
    private const ulong ChunkBytes = ChunkNodeCount * (ulong)(NodeFormat.SizeBytes + GuardBytes);

    private readonly List<nint> _chunks = [];
    private readonly List<Node> _nodes = [default];
    private readonly Stack<int> _free = [];
    private int _reservedCount;

    public ulong ImageId => 0x1122334455667788;

    public ulong Generation { get; private set; } = 1;

    /// <summary>Nodes that are not free, those that wait for the end of their generation included.</summary>
    public int LiveCount { get; private set; }

    /// <summary>Reserve fails beyond this.</summary>
    public int Limit { get; set; } = int.MaxValue;

    /// <summary>ReserveUrgently fails beyond this.</summary>
    public int UrgentLimit { get; set; } = int.MaxValue;

    /// <summary>How often Load was called.</summary>
    public int LoadCount { get; private set; }

    /// <summary>How often Find was called.</summary>
    public long FindCount { get; private set; }

    /// <summary>True if nodes of older generations stay as they are when the tree frees them, so that old roots can still be read.</summary>
    public bool KeepsOld { get; set; }

    /// <summary>True if pointers may lead anywhere, as in a damaged image, and are not a mistake of the code under test.</summary>
    public bool IsHostile { get; set; }

    /// <summary>A store with the same bytes, opened again: every node is cold, and a new generation is open.</summary>
    public MemoryNodeStore Reopen()
    {
        var copy = new MemoryNodeStore { Generation = Generation + 1 };
        for (int index = 1; index < _nodes.Count; index++)
        {
            if (index == copy._nodes.Count)
            {
                copy.AddChunk();
            }

            if (_nodes[index].Generation == 0 || _nodes[index].IsFreed)
            {
                continue;
            }

            var block = new BlockNumber((ulong)index);
            Bytes(block).CopyTo(copy.Bytes(block));
            copy._nodes[index] = _nodes[index] with { Address = copy._nodes[index].Address, IsCold = true };
            copy.LiveCount++;
        }

        copy._free.Clear();
        for (int index = 1; index < copy._nodes.Count; index++)
        {
            if (copy._nodes[index].Generation == 0)
            {
                copy._free.Push(index);
            }
        }

        return copy;
    }

    public byte* Find(in NodePointer node)
    {
        FindCount++;
        if (IsHostile && !Exists(node))
        {
            return null;
        }

        ref Node found = ref NodeOf(node);
        return found.IsCold ? null : (byte*)found.Address;
    }

    public Errno Load(in NodePointer node)
    {
        LoadCount++;
        if (!Exists(node))
        {
            return Errno.EIO;
        }

        ref Node found = ref NodeOf(node);
        if (NodeValidator.Validate(new ReadOnlySpan<byte>((byte*)found.Address, NodeFormat.SizeBytes), node, ImageId) != NodeFault.None)
        {
            return Errno.EIO;
        }

        found.IsCold = false;
        return Errno.None;
    }

    public Errno Reserve(int nodeCount) => Reserve(nodeCount, Limit);

    public Errno ReserveUrgently(int nodeCount) => Reserve(nodeCount, UrgentLimit);

    private Errno Reserve(int nodeCount, int limit)
    {
        if (LiveCount + nodeCount > limit)
        {
            return Errno.ENOSPC;
        }

        _reservedCount = nodeCount;
        return Errno.None;
    }

    public byte* Allocate(out BlockNumber block)
    {
        if (_reservedCount-- <= 0)
        {
            throw new InvalidOperationException("More nodes allocated than were reserved.");
        }

        if (_free.Count == 0)
        {
            AddChunk();
        }

        int index = _free.Pop();
        ref Node node = ref CollectionsMarshal.AsSpan(_nodes)[index];
        node = node with { Generation = Generation, IsCold = false, IsFreed = false };
        new Span<byte>((void*)node.Address, NodeFormat.SizeBytes).Clear();
        LiveCount++;
        block = new BlockNumber((ulong)index);
        return (byte*)node.Address;
    }

    public void Free(in NodePointer node)
    {
        ref Node found = ref NodeOf(node);
        Assert.False(found.IsFreed, $"{node} freed twice");
        found.IsFreed = true;
        if (found.Generation == Generation)
        {
            Recycle((int)node.Block.Value);
        }
    }

    /// <summary>Closes the open generation.</summary>
    public void CloseGeneration() => Generation++;

    /// <summary>The closed generation is durable: what it no longer reaches is used again.</summary>
    public void FinishGeneration()
    {
        for (int index = 1; index < _nodes.Count && !KeepsOld; index++)
        {
            Node node = _nodes[index];
            if (node.IsFreed && node.Generation != 0 && node.Generation < Generation)
            {
                Recycle(index);
            }
        }
    }

    /// <summary>Some of the nodes of closed generations go cold.</summary>
    public void Chill(Random random, double share)
    {
        foreach (ref Node node in CollectionsMarshal.AsSpan(_nodes))
        {
            node.IsCold = node.Generation != 0 && node.Generation < Generation && random.NextDouble() < share;
        }
    }

    /// <summary>The bytes of a node, cold or not.</summary>
    public Span<byte> Bytes(BlockNumber block) => new((void*)_nodes[(int)block.Value].Address, NodeFormat.SizeBytes);

    /// <summary>True if the store has a node of that number.</summary>
    public bool Contains(BlockNumber block) => block.Value > 0 && block.Value < (ulong)_nodes.Count;

    public void Dispose()
    {
        foreach (nint chunk in _chunks)
        {
            Syscall.munmap(chunk, ChunkBytes);
        }

        _chunks.Clear();
        _nodes.Clear();
    }

    private ref Node NodeOf(in NodePointer pointer)
    {
        ref Node node = ref CollectionsMarshal.AsSpan(_nodes)[(int)pointer.Block.Value];
        if (node.Generation != pointer.Generation || node.Generation == 0)
        {
            throw new InvalidOperationException($"{pointer} leads to a node of generation {node.Generation}.");
        }

        return ref node;
    }

    /// <summary>Whether a pointer leads to a node of any generation: the store of a damaged image finds out when it reads it.</summary>
    private bool Exists(in NodePointer pointer) =>
        pointer.Block.Value < (ulong)_nodes.Count && _nodes[(int)pointer.Block.Value].Generation == pointer.Generation && pointer.Generation != 0;

    private void Recycle(int index)
    {
        ref Node node = ref CollectionsMarshal.AsSpan(_nodes)[index];
        new Span<byte>((void*)node.Address, NodeFormat.SizeBytes).Fill(0xDD);
        node = node with { Generation = 0 };
        _free.Push(index);
        LiveCount--;
    }

    private void AddChunk()
    {
        nint chunk = Syscall.mmap(0, ChunkBytes, MmapProts.PROT_READ | MmapProts.PROT_WRITE, MmapFlags.MAP_PRIVATE | MmapFlags.MAP_ANONYMOUS, -1, 0);
        Assert.NotEqual(Syscall.MAP_FAILED, chunk);
        _chunks.Add(chunk);
        for (int i = 0; i < ChunkNodeCount; i++)
        {
            nint node = chunk + (i * (NodeFormat.SizeBytes + GuardBytes));
            Assert.Equal(0, Syscall.mprotect(node + NodeFormat.SizeBytes, GuardBytes, MmapProts.PROT_NONE));
            _free.Push(_nodes.Count);
            _nodes.Add(new Node(node, 0, false, false));
        }
    }

    private record struct Node(nint Address, ulong Generation, bool IsCold, bool IsFreed);
}
