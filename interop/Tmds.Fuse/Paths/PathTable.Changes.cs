using VfsBlock.Fuse;

namespace Tmds.Fuse;

/// <content>What operations change: lookups and opens counted, names given, moved and taken away.</content>
internal sealed partial class PathTable
{
    /// <summary>Counts a lookup of a name, which makes it known.</summary>
    /// <param name="parent">A directory that the caller holds.</param>
    /// <param name="name">A name in it.</param>
    public NodeId CountLookup(PathNode parent, ReadOnlySpan<byte> name)
    {
        lock (_gate)
        {
            PathNode? node = parent.Find(name);
            if (node is null)
            {
                node = new PathNode(++_lastId);
                node.Attach(parent, name.ToArray());
                _nodes.Add(node.Id, node);
            }

            node.LookupCount++;
            return new NodeId(node.Id);
        }
    }

    /// <summary>Counts a lookup of a node that the caller holds: by itself, or by a directory below it.</summary>
    /// <returns>The node's id.</returns>
    public NodeId CountLookup(PathNode node)
    {
        lock (_gate)
        {
            node.LookupCount++;
            return new NodeId(node.Id);
        }
    }

    /// <summary>Takes lookups back.</summary>
    /// <exception cref="InvalidOperationException">There were not as many.</exception>
    public void Forget(NodeId id, ulong lookupCount)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(id.Value, out PathNode? node) || node == _root)
            {
                return;
            }

            if (lookupCount > node.LookupCount)
            {
                throw new InvalidOperationException($"the kernel took back {lookupCount} lookups of node {id}, which has {node.LookupCount}");
            }

            node.LookupCount -= lookupCount;
            DropIfUnused(node);
        }
    }

    /// <summary>Counts an open file of a node that the caller holds.</summary>
    public void CountOpen(NodeId id)
    {
        lock (_gate)
        {
            _nodes[id.Value].OpenCount++;
        }
    }

    /// <summary>Takes an open file back.</summary>
    /// <returns>True if it was the last one of a file that waits to be removed.</returns>
    public bool CountClose(NodeId id)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(id.Value, out PathNode? node) || node.OpenCount == 0)
            {
                return false;
            }

            node.OpenCount--;
            DropIfUnused(node);
            return node is { OpenCount: 0, IsHidden: true };
        }
    }

    /// <summary>A name was removed.</summary>
    /// <param name="target">The node of the name, which the caller has alone; null if none is known.</param>
    /// <param name="path">The path it had.</param>
    public void Remove(PathNode? target, ReadOnlySpan<byte> path)
    {
        lock (_gate)
        {
            target?.Remove(path.ToArray());
        }
    }

    /// <summary>The first name of a hold was moved to the second, in the place of what stood there.</summary>
    /// <param name="hold">Both, had alone.</param>
    public void Move(PathHold hold)
    {
        lock (_gate)
        {
            hold.Target?.Detach();
            Place(hold.Target, hold.SecondParent!, hold.SecondPath);
        }
    }

    /// <summary>The two names of a hold were exchanged.</summary>
    /// <param name="hold">Both, had alone.</param>
    public void Exchange(PathHold hold)
    {
        lock (_gate)
        {
            hold.Target?.Detach();
            hold.SecondTarget?.Detach();
            Place(hold.Target, hold.SecondParent!, hold.SecondPath);
            Place(hold.SecondTarget, hold.Node!, hold.Path);
        }
    }

    /// <summary>A file that is open was renamed to a name of ours in the root directory, where it waits for its last close.</summary>
    /// <param name="target">Its node, which the caller has alone.</param>
    /// <param name="path">Its path now.</param>
    public void Hide(PathNode target, ReadOnlySpan<byte> path)
    {
        lock (_gate)
        {
            // A stranger who looked our name up meanwhile finds it gone.
            target.Detach();
            Place(target, _root, path);
            target.IsHidden = true;
        }
    }

    /// <summary>Whether a name in the root directory is one of ours.</summary>
    public bool IsHidden(ReadOnlySpan<byte> name)
    {
        lock (_gate)
        {
            return _root.Find(name) is { IsHidden: true };
        }
    }

    /// <summary>Every file that still waits for its last close.</summary>
    public IReadOnlyList<NodeId> FindHidden()
    {
        lock (_gate)
        {
            return [.. _nodes.Values.Where(node => node.IsHidden).Select(node => new NodeId(node.Id))];
        }
    }

    /// <summary>Puts a node, if there is one, in the place of whatever is known under that path.</summary>
    private static void Place(PathNode? node, PathNode parent, ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> name = path[(path.LastIndexOf((byte)'/') + 1)..];
        parent.Find(name)?.Remove(path.ToArray());
        node?.Attach(parent, name.ToArray());
    }
}
