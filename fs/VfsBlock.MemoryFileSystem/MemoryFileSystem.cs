using System.Collections.Concurrent;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <summary>
/// A complete POSIX file system that lives in memory: the transport's sample, and what its tests mount. It keeps
/// everything that a server is responsible for; what it holds is gone when it is disposed.
/// </summary>
/// <remarks>
/// <para>
/// Threads: any number of serving threads. Locks, in this order: the tree's lock (names, link counts, life and death of
/// nodes), an inode's lock (changes of attributes, extended attributes, data), the page pool's. Attributes are read with
/// no lock at all.
/// </para>
/// <para>
/// Life of a node: it lives while it has a name or the kernel knows it, that is, while lookups are not all taken back.
/// Opening costs no message (<see cref="FuseFileSystem.ServesOpen"/> is false), since an open file is a known one. Node
/// ids count up and are never used again, so an id the kernel kept from before can only be found or be stale (ESTALE).
/// </para>
/// </remarks>
public sealed partial class MemoryFileSystem : FuseFileSystem, IDisposable
{
    // Every change comes through this kernel, so what it knows stays true: about twelve days, then it asks once more.
    private const ulong CacheSeconds = 1_000_000;

    private readonly MemoryFileSystemOptions _options;
    private readonly TreeLock _tree = new();
    private readonly PagePool _pool;
    private readonly ConcurrentDictionary<ulong, Inode> _nodes = new();
    private ulong _lastNodeId = NodeId.Root.Value;
    private long _nodeCount;

    /// <summary>An empty file system with a root directory.</summary>
    public MemoryFileSystem(MemoryFileSystemOptions? options = null)
    {
        _options = options ?? new MemoryFileSystemOptions();
        _pool = new PagePool(_options.SizeLimitBytes / PagePool.PageBytes);
        FuseAttr attributes = default;
        attributes.Inode = NodeId.Root.Value;
        attributes.Mode = ModeBits.Directory | (_options.RootPermissions & ModeBits.PermissionMask);
        attributes.LinkCount = 2;
        attributes.Uid = _options.RootUserId;
        attributes.Gid = _options.RootGroupId;
        attributes.BlockSize = PagePool.PageBytes;
        attributes.SetChanged(Timestamp.Now);
        attributes.SetAtime(attributes.Mtime());
        AddNode(new DirectoryInode(NodeId.Root, attributes, parent: null));
    }

    /// <summary>How many nodes there are: the root, all that have a name, and those the kernel still knows.</summary>
    public long NodeCount => Interlocked.Read(ref _nodeCount);

    /// <summary>Bytes of memory that file data takes.</summary>
    public long UsedBytes => (_pool.CapacityPages - _pool.FreePages) * PagePool.PageBytes;

    /// <summary>Frees the data. The mount must be gone.</summary>
    public void Dispose()
    {
        _pool.Dispose();
        _tree.Dispose();
    }

    /// <inheritdoc/>
    public override void Stopped()
    {
        using TreeLock.WriteScope scope = _tree.Write();
        foreach (Inode inode in _nodes.Values)
        {
            inode.RemoveLookups((ulong)inode.LookupCount);
            DropIfUnreachable(inode);
        }
    }

    /// <inheritdoc/>
    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        if (name.Length > FuseProtocol.MaxNameBytes)
        {
            return Errno.ENAMETOOLONG;
        }

        // "." and ".." come from NFS and open_by_handle_at(2), which know a node by its id alone.
        using TreeLock.ReadScope scope = _tree.Read();
        if (name.SequenceEqual("."u8))
        {
            return Find<Inode>(parent, Errno.None, out Errno stale) is { } self ? Reply(self, ref reply) : stale;
        }

        if (Find<DirectoryInode>(parent, Errno.ENOTDIR, out Errno error) is not { } directory)
        {
            return error;
        }

        if (name.SequenceEqual(".."u8))
        {
            return directory.Parent.IsRemoved ? Errno.ESTALE : Reply(directory.Parent, ref reply);
        }

        if (directory.Find(name) is { } entry)
        {
            return Reply(entry.Target, ref reply);
        }

        // Node id 0 with a time: the kernel may remember that there is no such name.
        reply.EntryValidSeconds = CacheSeconds;
        return Errno.None;
    }

    /// <inheritdoc/>
    public override void Forget(NodeId node, ulong lookupCount)
    {
        if (!_nodes.TryGetValue(node.Value, out Inode? inode))
        {
            return;
        }

        long left = inode.RemoveLookups(lookupCount);
        if (left < 0)
        {
            throw new InvalidOperationException($"the kernel took back {-left} lookups of node {node} too many");
        }

        if (left == 0 && inode.Attributes.LinkCount == 0)
        {
            using TreeLock.WriteScope scope = _tree.Write();
            DropIfUnreachable(inode);
        }
    }

    private T? Find<T>(NodeId node, Errno otherKind, out Errno error)
        where T : Inode
    {
        bool found = _nodes.TryGetValue(node.Value, out Inode? inode);
        error = found ? otherKind : Errno.ESTALE;
        return inode as T;
    }

    private void AddNode(Inode inode)
    {
        _nodes[inode.Id.Value] = inode;
        Interlocked.Increment(ref _nodeCount);
    }

    /// <summary>Ends a node that has neither a name nor a lookup. The tree's write lock is held.</summary>
    private void DropIfUnreachable(Inode inode)
    {
        if (inode.Attributes.LinkCount == 0 && inode.LookupCount == 0 && _nodes.TryRemove(inode.Id.Value, out _))
        {
            Interlocked.Decrement(ref _nodeCount);
            inode.Release();
        }
    }

    /// <summary>Tells the kernel of a node, which counts as one lookup. The tree's lock is held.</summary>
    private static Errno Reply(Inode inode, ref FuseEntryOut reply)
    {
        inode.AddLookup();
        FillEntry(inode, ref reply);
        return Errno.None;
    }

    private static void FillEntry(Inode inode, ref FuseEntryOut reply)
    {
        reply.NodeId = inode.Id.Value;
        reply.EntryValidSeconds = CacheSeconds;
        reply.AttrValidSeconds = CacheSeconds;
        inode.ReadAttributes(out reply.Attr);
    }
}
