namespace VfsBlock.Storage;

/// <summary>
/// Gives the pointers of a closed generation their checksums. A parent holds the checksum of its child, so the nodes that a commit writes are sealed from the
/// leaves up to the root, when they no longer change; it owns where it is in that work, and can be used for one commit after the other.
/// </summary>
/// <remarks>
/// <para>The work is done in slices, with the caller's lock let go in between, so changes of the next generation go on meanwhile. The trouble with
/// that: a change copies inner nodes whose pointers are not set yet, and the copy would keep them unset when the child leaves memory, where
/// nothing but its checksum can tell that it came back whole. Sealing the whole subtree at the moment of the copy would do, but the first copy after a
/// close is the root's: it would pay for everything at once, under the lock.</para>
/// <para>The rule instead, in two passes.
/// (1) <em>Frozen pass</em>: walk the closed root down every pointer of the closed generation, children first. Nothing changes in these nodes but what this
/// pass writes, so a key says how far it is. Pointers of older generations were set by the seal of theirs.
/// (2) <em>Live pass</em>: walk the tree as it is now down every pointer of the open generation, and set those that lead to the closed one from the
/// child's header, where pass 1 left the checksum. From the beginning of this pass on, a copy of a frozen node has all its pointers set, so only copies made
/// during pass 1 need it, and their number does not grow. Here too a key says how far it is: a change between two slices moves entries from node to
/// node, but no entry to the left past the key; where a deletion widens the range of the entry behind it, that range contains the key, and the
/// next slice begins with it.</para>
/// <para>When Step has answered true no pointer to the closed generation, in either tree, is unset. Until then the store keeps every node of it in
/// memory, those freed meanwhile included: they belong to the root that is about to be written.</para>
/// <para>Threads: Begin is called with the caller's lock held alone; Step with the lock held so that no change goes on, readers may. A
/// generation closes only when the seal of the one before is done. A second tree (a clone) begins from a sealed root only.</para>
/// </remarks>
public sealed unsafe class TreeSeal
{
    private readonly INodeStore _store;
    private readonly Tree _tree;
    private ulong _closedGeneration;
    private NodePointer _root;
    private TreeKey _position;
    private int _budget;
    private Pass _pass = Pass.Done;

    /// <summary>For the commits of one tree.</summary>
    /// <param name="store">The store that the tree is in.</param>
    /// <param name="tree">The tree.</param>
    public TreeSeal(INodeStore store, Tree tree)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(tree);
        _store = store;
        _tree = tree;
    }

    private enum Pass
    {
        Frozen,
        Live,
        Done,
    }

    /// <summary>True if no pointer is left to be set.</summary>
    public bool IsDone => _pass == Pass.Done;

    /// <summary>The root of the closed generation, with its checksum.</summary>
    /// <exception cref="InvalidOperationException">The seal is not done.</exception>
    public NodePointer Root => IsDone ? _root : throw new InvalidOperationException($"Tree {_tree.Id} is not sealed yet: call Step until it answers true.");

    /// <summary>Remembers the root of the generation that closes now. Call it in the same hold of the lock, before the next change.</summary>
    /// <param name="closedGeneration">The generation that closes.</param>
    /// <exception cref="InvalidOperationException">The seal of the generation before is not done.</exception>
    public void Begin(ulong closedGeneration)
    {
        if (!IsDone)
        {
            throw new InvalidOperationException($"Tree {_tree.Id} is still being sealed for generation {_closedGeneration}.");
        }

        if (_tree.HasEmptied)
        {
            throw new InvalidOperationException($"Tree {_tree.Id} is sealed before its last change has ended (DropEmptied).");
        }

        _closedGeneration = closedGeneration;
        _root = _tree.Root;
        _position = TreeKey.Min;
        _pass = IsClosed(_root) ? Pass.Frozen : Pass.Done;
    }

    /// <summary>Does a slice of the work.</summary>
    /// <param name="nodeCount">How many nodes to do, 1 or more; a node takes a few microseconds.</param>
    /// <returns>True if there is nothing left to do.</returns>
    public bool Step(int nodeCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodeCount, 1);
        _budget = nodeCount;
        if (_pass == Pass.Frozen && TrySeal(NodeOf(_root)))
        {
            _root = _root with { Checksum = NodeFormat.Header(NodeOf(_root))->Checksum };
            _position = TreeKey.Min;
            _pass = Pass.Live;
        }

        if (_pass == Pass.Live && _budget > 0 && TryUpdateLive())
        {
            _pass = Pass.Done;
        }

        return IsDone;
    }

    /// <summary>Seals a node of the closed generation and what is below it, from <see cref="_position"/> on.</summary>
    /// <returns>False if the budget ended before the node was done. The depth of the recursion is the height of the tree.</returns>
    private bool TrySeal(byte* node)
    {
        if (NodeFormat.Header(node)->Level > 0)
        {
            var inner = new InnerNode(node);
            int count = inner.Count;
            for (int index = inner.ChildIndex(_position); index < count; index++)
            {
                NodePointer pointer = inner.PointerAt(index);
                if (!IsClosed(pointer))
                {
                    continue;
                }

                if (_budget <= 0)
                {
                    _position = inner.KeyAt(index);
                    return false;
                }

                byte* child = NodeOf(pointer);
                if (!TrySeal(child))
                {
                    return false;
                }

                inner.SetChecksum(index, NodeFormat.Header(child)->Checksum);
            }
        }

        NodeFormat.Seal(node);
        _budget--;
        return true;
    }

    private bool TryUpdateLive()
    {
        NodePointer root = _tree.Root;
        if (IsClosed(root))
        {
            _tree.SetRootChecksum(NodeFormat.Header(NodeOf(root))->Checksum);
            return true;
        }

        return !IsYounger(root) || TryUpdate(NodeOf(root));
    }

    /// <summary>Sets the pointers to the closed generation in a node of the open one and in what is below it, from <see cref="_position"/> on.</summary>
    private bool TryUpdate(byte* node)
    {
        if (NodeFormat.Header(node)->Level > 0)
        {
            var inner = new InnerNode(node);
            bool isAboveLeaves = NodeFormat.Header(node)->Level == 1;
            int count = inner.Count;
            for (int index = inner.ChildIndex(_position); index < count; index++)
            {
                NodePointer pointer = inner.PointerAt(index);
                if (IsClosed(pointer))
                {
                    inner.SetChecksum(index, NodeFormat.Header(NodeOf(pointer))->Checksum);
                }
                else if (!isAboveLeaves && IsYounger(pointer))
                {
                    if (_budget <= 0)
                    {
                        _position = inner.KeyAt(index);
                        return false;
                    }

                    if (!TryUpdate(NodeOf(pointer)))
                    {
                        return false;
                    }
                }
            }
        }

        _budget--;
        return true;
    }

    // A pointer that has its checksum leads to what was sealed before, to be written ahead of the commit; that need not be in memory.
    private bool IsClosed(in NodePointer pointer) => !pointer.IsNone && pointer.Generation == _closedGeneration && pointer.Checksum == 0;

    private bool IsYounger(in NodePointer pointer) => !pointer.IsNone && pointer.Generation > _closedGeneration;

    private byte* NodeOf(in NodePointer pointer)
    {
        byte* node = _store.Find(pointer);
        return node != null
            ? node
            : throw new TreeDamagedException($"The node at {pointer.Block} of generation {pointer.Generation} left memory before it was sealed.");
    }
}
