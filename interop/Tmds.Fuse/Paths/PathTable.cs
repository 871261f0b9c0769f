using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace Tmds.Fuse;

/// <summary>Which path each node id of the kernel stands for, and who uses which path at the moment.</summary>
/// <remarks>
/// <para>
/// Threads: any. One lock, never held while a file system runs; a thread waits on it only for operations that are already running.
/// </para>
/// <para>
/// An operation holds every node on its paths. One that renames or removes has the node at the end of its path alone: it waits until those who came
/// before are through, and those who come after wait for it. What an operation needs is granted in one step, so it waits only for operations that
/// were granted before its own, and no two can wait for each other.
/// </para>
/// <para>
/// Life of a node: it is kept while the kernel has looked it up more often than it took back, while a child is kept, a file of it is open or an
/// operation uses it. Ids count up and are never used again.
/// </para>
/// </remarks>
internal sealed partial class PathTable
{
    private readonly object _gate = new();
    private readonly Dictionary<ulong, PathNode> _nodes = [];
    private readonly Stack<PathHold> _spare = new();
    private readonly PathNode _root = new(NodeId.Root.Value);
    private ulong _lastId = NodeId.Root.Value;
    private int _waiterCount;

    /// <summary>A table that knows the root.</summary>
    public PathTable() => _nodes.Add(_root.Id, _root);

    /// <summary>How many nodes are known, the root included.</summary>
    public int NodeCount
    {
        get
        {
            lock (_gate)
            {
                return _nodes.Count;
            }
        }
    }

    /// <summary>How many threads wait for others to be through.</summary>
    public int WaiterCount
    {
        get
        {
            lock (_gate)
            {
                return _waiterCount;
            }
        }
    }

    /// <summary>Grants an operation its paths, after waiting for who is in the way.</summary>
    /// <returns>The paths, or the error why there are none: ESTALE for a node that is not known, ENOENT for one that was removed.</returns>
    public PathHold Acquire(scoped in PathClaim claim)
    {
        lock (_gate)
        {
#pragma warning disable CA2000 // the caller disposes it
            PathHold hold = _spare.Count > 0 ? _spare.Pop() : new PathHold(this);
#pragma warning restore CA2000
            while (!TryGrant(hold, claim))
            {
                Wait();
            }

            while (hold.Target is { UserCount: > 0 } || hold.SecondTarget is { UserCount: > 0 })
            {
                Wait();
            }

            return hold;
        }
    }

    /// <summary>Takes back what <see cref="Acquire"/> granted.</summary>
    public void Release(PathHold hold)
    {
        lock (_gate)
        {
            if (hold.Target is { } target)
            {
                target.IsClaimed = false;
            }

            if (hold.SecondTarget is { } second)
            {
                second.IsClaimed = false;
            }

            foreach (PathNode user in hold.Users)
            {
                user.UserCount--;
            }

            foreach (PathNode user in hold.Users)
            {
                DropIfUnused(user);
            }

            DropIfUnused(hold.Target);
            DropIfUnused(hold.SecondTarget);
            hold.Clear();
            _spare.Push(hold);
            if (_waiterCount > 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Wait()
    {
        _waiterCount++;
        Monitor.Wait(_gate);
        _waiterCount--;
    }

    /// <summary>Grants all or nothing.</summary>
    /// <returns>False if somebody is in the way; true with an error in the hold if there is no path to wait for.</returns>
    private bool TryGrant(PathHold hold, scoped in PathClaim claim)
    {
        hold.Clear();
        bool isFree = TryFollow(hold, claim.Node, claim.Name, claim.AllowsRemoved, hold.FirstBuffer, out PathNode? node);
        hold.Node = node;
        bool hasSecond = !claim.SecondName.IsEmpty;
        if (hasSecond && hold.Error == Errno.None)
        {
            isFree &= TryFollow(hold, claim.SecondParent, claim.SecondName, allowsRemoved: false, hold.SecondBuffer, out node);
            hold.SecondParent = node;
        }

        if (hold.Error != Errno.None)
        {
            hold.Users.Clear();
            return true;
        }

        PathNode? target = claim.TakesNode ? hold.Node : claim.TakesTargets ? hold.Node!.Find(claim.Name) : null;
        PathNode? second = claim.TakesTargets && hasSecond ? hold.SecondParent!.Find(claim.SecondName) : null;
        if (claim.TakesNode)
        {
            hold.Users.Remove(hold.Node!);
        }

        if (!isFree || target is { IsClaimed: true } || second is { IsClaimed: true })
        {
            return false;
        }

        if ((target is not null && hold.Users.Contains(target)) || (second is not null && hold.Users.Contains(second)))
        {
            // A directory below itself, or in the place of its own parent: the kernel refuses both, and so do we.
            hold.Users.Clear();
            hold.Error = Errno.EINVAL;
            return true;
        }

        Grant(hold, target, second == target ? null : second);
        return true;
    }

    private static void Grant(PathHold hold, PathNode? target, PathNode? second)
    {
        foreach (PathNode user in hold.Users)
        {
            user.UserCount++;
        }

        hold.IsHidden = hold.Node!.IsHidden;
        hold.Target = target;
        hold.SecondTarget = second;
        if (target is not null)
        {
            target.IsClaimed = true;
        }

        if (second is not null)
        {
            second.IsClaimed = true;
        }
    }

    /// <summary>Follows a node up to the root, building the path and noting who is on it.</summary>
    /// <returns>False if a node on the way is claimed by somebody.</returns>
    private bool TryFollow(
        PathHold hold, NodeId id, ReadOnlySpan<byte> name, bool allowsRemoved, PathBuffer path, out PathNode? node)
    {
        path.Clear();
        if (!_nodes.TryGetValue(id.Value, out node))
        {
            hold.Error = Errno.ESTALE;
            return true;
        }

        if (!name.IsEmpty)
        {
            path.PrependName(name);
        }

        bool isFree = true;
        PathNode? step = node;
        for (; step.Parent is not null; step = step.Parent)
        {
            path.PrependName(step.Name);
            hold.Users.Add(step);
            isFree &= !step.IsClaimed;
        }

        if (step.LastPath is { } lastPath)
        {
            path.Prepend(lastPath);
            hold.Users.Add(step);
            hold.Error = allowsRemoved ? Errno.None : Errno.ENOENT;
        }
        else if (path.Bytes.IsEmpty)
        {
            path.Prepend("/"u8);
        }

        return isFree;
    }

    /// <summary>Drops a node that nobody relies on, and the directories that were kept for it alone.</summary>
    private void DropIfUnused(PathNode? node)
    {
        while (node is not null && node != _root && node.IsUnused && _nodes.Remove(node.Id))
        {
            PathNode? parent = node.Parent;
            node.Detach();
            node = parent;
        }
    }
}
