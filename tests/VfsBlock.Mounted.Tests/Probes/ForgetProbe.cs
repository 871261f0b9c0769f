using System.Collections.Concurrent;
using System.Text;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// A tree of names whose nodes never go away, so that each one's lookups can be added up to the end: what replies told the
/// kernel, less what it gave back. Any thread may use it; one lock guards the tree.
/// </summary>
internal sealed partial class ForgetProbe : FuseFileSystem
{
    private const uint TypeBits = 0xf000;
    private const uint DirectoryType = 0x4000;
    private const uint LinkType = 0xa000;
    private readonly Dictionary<ulong, Node> _nodes = [];
    private readonly Lock _gate = new();
    private ulong _lastCookie = 2;
    private bool _isHeld;
    private int _heldCount;

    public ForgetProbe() => _nodes[NodeId.Root.Value] = new Node { Id = NodeId.Root.Value, Mode = DirectoryType | 0x1ff, LinkCount = 2 };

    /// <summary>For how long the kernel may believe names.</summary>
    public ulong EntrySeconds { get; init; }

    /// <summary>FORGETs for more than was counted, or for nodes that never were.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>While true, GETATTR of the root does not return, and a serving thread does nothing else.</summary>
    public bool IsHeld
    {
        get => Volatile.Read(ref _isHeld);
        set => Volatile.Write(ref _isHeld, value);
    }

    /// <summary>How many operations do not return.</summary>
    public int HeldCount => Volatile.Read(ref _heldCount);

    /// <summary>Lookups of all nodes together that the kernel has.</summary>
    public long LookupCount
    {
        get
        {
            lock (_gate)
            {
                return _nodes.Values.Sum(node => node.LookupCount);
            }
        }
    }

    /// <summary>How many nodes the kernel has a lookup of.</summary>
    public int KnownNodeCount
    {
        get
        {
            lock (_gate)
            {
                return _nodes.Values.Count(node => node.LookupCount != 0);
            }
        }
    }

    public override void Forget(NodeId node, ulong lookupCount)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(node.Value, out Node? known) || (ulong)known.LookupCount < lookupCount)
            {
                Violations.Enqueue($"FORGET of {lookupCount} lookups of node {node}, which has {known?.LookupCount}");
                return;
            }

            known.LookupCount -= (long)lookupCount;
        }
    }

    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        lock (_gate)
        {
            return _nodes[parent.Value].Names.TryGetValue(Text(name), out Entry found)
                ? Count(_nodes[found.Node], ref reply)
                : Errno.ENOENT;
        }
    }

    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply)
    {
        if (node == NodeId.Root && IsHeld)
        {
            Interlocked.Increment(ref _heldCount);
            SpinWait.SpinUntil(() => !IsHeld, ProbeMount.Patience / 2);
        }

        lock (_gate)
        {
            reply.Attr = Attributes(_nodes[node.Value]);
            return Errno.None;
        }
    }

    public override Errno ReadDir(FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryWriter entries)
    {
        lock (_gate)
        {
            foreach ((string name, Entry entry) in Listing(node, args.Offset))
            {
                if (!entries.TryAdd(Encoding.UTF8.GetBytes(name), entry.Node, _nodes[entry.Node].Mode, entry.Cookie))
                {
                    break;
                }
            }

            return Errno.None;
        }
    }

    public override Errno ReadDirPlus(
        FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryPlusWriter entries)
    {
        lock (_gate)
        {
            foreach ((string name, Entry entry) in Listing(node, args.Offset))
            {
                byte[] bytes = Encoding.UTF8.GetBytes(name);
                Node found = _nodes[entry.Node];
                bool isAdded = name is "." or ".."
                    ? entries.TryAdd(bytes, entry.Node, found.Mode, entry.Cookie)
                    : entries.TryAdd(bytes, Describe(found), entry.Cookie);
                if (!isAdded)
                {
                    break;
                }

                found.LookupCount += name is "." or ".." ? 0 : 1;
            }

            return Errno.None;
        }
    }

    private static string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);

    private static FuseAttr Attributes(Node node) => new()
    {
        Inode = node.Id,
        Mode = node.Mode,
        LinkCount = node.LinkCount,
        Size = (node.Mode & TypeBits) == LinkType ? 1u : 0,
        BlockSize = 4096,
    };

    /// <summary>A directory's names after a cookie, in the order of their cookies; dots first.</summary>
    private IEnumerable<KeyValuePair<string, Entry>> Listing(NodeId directory, ulong cookie)
    {
        KeyValuePair<string, Entry>[] dots =
            [new(".", new Entry(directory.Value, 1)), new("..", new Entry(NodeId.Root.Value, 2))];
        return dots.Concat(_nodes[directory.Value].Names).Where(entry => entry.Value.Cookie > cookie).OrderBy(entry => entry.Value.Cookie);
    }

    private FuseEntryOut Describe(Node node) => new()
    {
        NodeId = node.Id,
        EntryValidSeconds = EntrySeconds,
        Attr = Attributes(node),
    };

    private Errno Count(Node node, ref FuseEntryOut reply)
    {
        node.LookupCount++;
        reply = Describe(node);
        return Errno.None;
    }

    private readonly record struct Entry(ulong Node, ulong Cookie);

    private sealed class Node
    {
        public required ulong Id { get; init; }

        public required uint Mode { get; init; }

        public uint LinkCount { get; set; }

        public long LookupCount { get; set; }

        public Dictionary<string, Entry> Names { get; } = [];
    }
}
