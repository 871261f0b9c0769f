using System.Runtime.InteropServices;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>
/// A node store without a device: generations that close, nodes that go cold when the "lock" is let go, a limit on what may be reserved. It is strict:
/// it throws on an allocation that was not reserved, on a double free, on a lookup of a node that is gone or is not what the pointer says.
/// </summary>
internal sealed unsafe class MemoryNodeStore : INodeStore, IDisposable
{
    private const int ChunkNodeCount = 64;

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

    /// <summary>How often Load was called.</summary>
    public int LoadCount { get; private set; }

    /// <summary>How often Find was called.</summary>
    public long FindCount { get; private set; }

    /// <summary>True if nodes of older generations stay as they are when the tree frees them, so that old roots can still be read.</summary>
    public bool KeepsOld { get; set; }

    public byte* Find(in NodePointer node)
    {
        FindCount++;
        ref Node found = ref NodeOf(node);
        return found.IsCold ? null : (byte*)found.Address;
    }

    public Errno Load(in NodePointer node)
    {
        LoadCount++;
        ref Node found = ref NodeOf(node);
        if (NodeValidator.Validate(new ReadOnlySpan<byte>((byte*)found.Address, NodeFormat.SizeBytes), node, ImageId) != NodeFault.None)
        {
            return Errno.EIO;
        }

        found.IsCold = false;
        return Errno.None;
    }

    public Errno Reserve(int nodeCount)
    {
        if (LiveCount + nodeCount > Limit)
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

    public void Dispose()
    {
        foreach (nint chunk in _chunks)
        {
            NativeMemory.AlignedFree((void*)chunk);
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
        var chunk = (byte*)NativeMemory.AlignedAlloc(ChunkNodeCount * NodeFormat.SizeBytes, 4096);
        _chunks.Add((nint)chunk);
        for (int i = 0; i < ChunkNodeCount; i++)
        {
            _free.Push(_nodes.Count);
            _nodes.Add(new Node((nint)(chunk + (i * NodeFormat.SizeBytes)), 0, false, false));
        }
    }

    private record struct Node(nint Address, ulong Generation, bool IsCold, bool IsFreed);
}
