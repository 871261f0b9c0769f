using System.Text;
using VfsBlock.Fuse;
using VfsBlock.Interop;
using Xunit;

namespace Tmds.Fuse.Tests;

/// <summary>The table alone: which path a node has, who keeps it, and who waits for whom.</summary>
public sealed class PathTableTests
{
    private readonly PathTable _table = new();

    [Fact]
    public void Acquire_Root_IsASlash() => Assert.Equal("/", PathOf(NodeId.Root));

    [Fact]
    public void Acquire_NodesAndNames_AreWholePaths()
    {
        NodeId directory = Add(NodeId.Root, "a b");
        NodeId file = Add(directory, "ü");
        Assert.Equal("/a b", PathOf(directory));
        Assert.Equal("/a b/ü", PathOf(file));
        Assert.Equal("/a b/new", PathOf(directory, "new"));
        Assert.Equal("/new", PathOf(NodeId.Root, "new"));
        Assert.Equal(file, Add(directory, "ü"));
    }

    [Fact]
    public void Acquire_DeepPath_IsWhole()
    {
        NodeId node = NodeId.Root;
        var expected = new StringBuilder();
        for (int depth = 0; depth < 300; depth++)
        {
            string name = new('x', 1 + (depth % 200));
            node = Add(node, name);
            expected.Append('/').Append(name);
        }

        Assert.Equal(expected.ToString(), PathOf(node));
    }

    [Fact]
    public void Acquire_UnknownNode_IsStale()
    {
        using PathHold hold = _table.Acquire(new PathClaim { Node = new NodeId(99) });
        Assert.Equal(Errno.ESTALE, hold.Error);
    }

    [Fact]
    public void Forget_AllLookups_DropsTheNode()
    {
        NodeId node = Add(NodeId.Root, "a");
        Add(NodeId.Root, "a");
        _table.Forget(node, 1);
        Assert.Equal("/a", PathOf(node));
        _table.Forget(node, 1);
        Assert.Equal(1, _table.NodeCount);
        NodeId again = Add(NodeId.Root, "a");
        Assert.NotEqual(node, again);
    }

    [Fact]
    public void Forget_MoreThanThereWere_Throws()
    {
        NodeId node = Add(NodeId.Root, "a");
        Assert.Throws<InvalidOperationException>(() => _table.Forget(node, 2));
        Assert.Equal("/a", PathOf(node));
    }

    [Fact]
    public void Forget_DirectoryBeforeItsChild_KeepsTheDirectoryForThePath()
    {
        NodeId directory = Add(NodeId.Root, "a");
        NodeId file = Add(directory, "b");
        _table.Forget(directory, 1);
        Assert.Equal("/a/b", PathOf(file));
        _table.Forget(file, 1);
        Assert.Equal(1, _table.NodeCount);
    }

    [Fact]
    public void Forget_NodeInUse_IsDroppedWithItsLastUse()
    {
        NodeId node = Add(NodeId.Root, "a");
        using (PathHold hold = _table.Acquire(new PathClaim { Node = node }))
        {
            _table.Forget(node, 1);
            Assert.Equal(2, _table.NodeCount);
        }

        Assert.Equal(1, _table.NodeCount);
    }

    [Fact]
    public void Forget_OpenFile_IsDroppedWithItsLastClose()
    {
        NodeId node = Add(NodeId.Root, "a");
        _table.CountOpen(node);
        _table.Forget(node, 1);
        Assert.Equal(2, _table.NodeCount);
        Assert.False(_table.CountClose(node));
        Assert.Equal(1, _table.NodeCount);
    }

    [Fact]
    public void Move_Directory_MovesWhatIsBelow()
    {
        NodeId a = Add(NodeId.Root, "a");
        NodeId deep = Add(Add(a, "x"), "y");
        NodeId b = Add(NodeId.Root, "b");
        Move(NodeId.Root, "a", b, "c");
        Assert.Equal("/b/c/x/y", PathOf(deep));
        Assert.Equal("/b/c", PathOf(a));
        Assert.Equal(a, Add(b, "c"));
        Assert.NotEqual(a, Add(NodeId.Root, "a"));
    }

    [Fact]
    public void Move_OverAnotherFile_RemovesThatOne()
    {
        NodeId a = Add(NodeId.Root, "a");
        NodeId b = Add(NodeId.Root, "b");
        Move(NodeId.Root, "a", NodeId.Root, "b");
        Assert.Equal("/b", PathOf(a));
        Assert.Equal("ENOENT", PathOf(b));
        Assert.Equal("/b", PathOf(b, allowsRemoved: true));
        _table.Forget(b, 1);
        Assert.Equal(2, _table.NodeCount);
    }

    [Fact]
    public void Move_UnknownName_RemovesWhatStoodThere()
    {
        NodeId b = Add(NodeId.Root, "b");
        Move(NodeId.Root, "a", NodeId.Root, "b");
        Assert.Equal("ENOENT", PathOf(b));
    }

    [Fact]
    public void Acquire_RenameBelowItself_IsRefused()
    {
        NodeId a = Add(NodeId.Root, "a");
        NodeId b = Add(a, "b");
        using (PathHold hold = AcquireBoth(NodeId.Root, "a", b, "c"))
        {
            Assert.Equal(Errno.EINVAL, hold.Error);
        }

        using (PathHold hold = AcquireBoth(b, "c", NodeId.Root, "a"))
        {
            Assert.Equal(Errno.EINVAL, hold.Error);
        }

        Assert.Equal("/a/b", PathOf(b));
    }

    [Fact]
    public void Exchange_TwoNames_SwapsWithAllBelow()
    {
        NodeId a = Add(NodeId.Root, "a");
        NodeId inA = Add(a, "x");
        NodeId directory = Add(NodeId.Root, "d");
        NodeId b = Add(directory, "b");
        NodeId inB = Add(b, "y");
        using (PathHold hold = AcquireBoth(NodeId.Root, "a", directory, "b"))
        {
            _table.Exchange(hold);
        }

        Assert.Equal("/d/b/x", PathOf(inA));
        Assert.Equal("/a/y", PathOf(inB));
    }

    [Fact]
    public void Remove_Node_KeepsItsLastPathForHandles()
    {
        NodeId directory = Add(NodeId.Root, "a");
        NodeId file = Add(directory, "b");
        Remove(directory, "b");
        Assert.Equal("ENOENT", PathOf(file));
        Assert.Equal("/a/b", PathOf(file, allowsRemoved: true));
        NodeId next = Add(directory, "b");
        Assert.Equal("/a/b", PathOf(next));
        _table.Forget(file, 1);
        _table.Forget(next, 1);
        _table.Forget(directory, 1);
        Assert.Equal(1, _table.NodeCount);
    }

    [Fact]
    public void Remove_DirectoryWithKnownChild_KeepsTheChildsLastPathForHandles()
    {
        NodeId directory = Add(NodeId.Root, "a");
        NodeId file = Add(directory, "b");
        Remove(NodeId.Root, "a");
        Assert.Equal("ENOENT", PathOf(file));
        Assert.Equal("/a/b", PathOf(file, allowsRemoved: true));
        _table.Forget(directory, 1);
        _table.Forget(file, 1);
        Assert.Equal(1, _table.NodeCount);
    }

    [Fact]
    public void Hide_OpenFile_HasOurPathUntilItIsRemoved()
    {
        NodeId directory = Add(NodeId.Root, "a");
        NodeId file = Add(directory, "b");
        _table.CountOpen(file);
        using (PathHold hold = _table.Acquire(new PathClaim { Node = directory, Name = "b"u8, TakesTargets = true }))
        {
            _table.Hide(hold.Target!, "/.hidden"u8);
        }

        Assert.Equal("/.hidden", PathOf(file));
        Assert.True(_table.IsHidden(".hidden"u8));
        Assert.False(_table.IsHidden("a"u8));
        Assert.Equal([file], _table.FindHidden());
        _table.Forget(file, 1);
        Assert.True(_table.CountClose(file));
        Assert.Equal("/.hidden", PathOf(file));
        using (PathHold hold = _table.Acquire(new PathClaim { Node = file, TakesNode = true }))
        {
            Assert.True(hold.IsHidden);
            _table.Remove(hold.Target, hold.Path);
        }

        Assert.Equal(2, _table.NodeCount);
    }

    [Fact]
    public void Acquire_ForRemovalWhileInUse_WaitsAndHoldsBackWhoComesAfter()
    {
        NodeId directory = Add(NodeId.Root, "a");
        NodeId file = Add(directory, "b");
        PathHold user = _table.Acquire(new PathClaim { Node = file });
        string order = "";
        var remover = new Thread(() =>
        {
            using PathHold hold = AcquireBoth(NodeId.Root, "a", NodeId.Root, "z");
            order += "move ";
            _table.Move(hold);
        });
        remover.Start();
        Wait.Until(() => _table.WaiterCount == 1);
        var late = new Thread(() =>
        {
            using PathHold hold = _table.Acquire(new PathClaim { Node = file });
            order += Encoding.UTF8.GetString(hold.Path);
        });
        late.Start();
        Wait.Until(() => _table.WaiterCount == 2);

        // Elsewhere nobody waits.
        Assert.Equal("/other", PathOf(Add(NodeId.Root, "other")));
        Assert.Equal("", order);
        user.Dispose();
        remover.Join();
        late.Join();
        Assert.Equal("move /z/b", order);
    }

    [Fact]
    public void Acquire_Spent_AllocatesNothing()
    {
        NodeId file = Add(Add(NodeId.Root, "a"), "b");
        VfsBlock.TestKit.AllocationProbe.AssertNone(() =>
        {
            using PathHold hold = _table.Acquire(new PathClaim { Node = file });
        });
    }

    private NodeId Add(NodeId parent, string name)
    {
        using PathHold hold = _table.Acquire(new PathClaim { Node = parent, Name = Encoding.UTF8.GetBytes(name) });
        Assert.Equal(Errno.None, hold.Error);
        return _table.CountLookup(hold.Node!, Encoding.UTF8.GetBytes(name));
    }

    private PathHold AcquireBoth(NodeId parent, string name, NodeId newParent, string newName) => _table.Acquire(new PathClaim
    {
        Node = parent,
        Name = Encoding.UTF8.GetBytes(name),
        SecondParent = newParent,
        SecondName = Encoding.UTF8.GetBytes(newName),
        TakesTargets = true,
    });

    private void Move(NodeId parent, string name, NodeId newParent, string newName)
    {
        using PathHold hold = AcquireBoth(parent, name, newParent, newName);
        Assert.Equal(Errno.None, hold.Error);
        _table.Move(hold);
    }

    private void Remove(NodeId parent, string name)
    {
        using PathHold hold = _table.Acquire(new PathClaim { Node = parent, Name = Encoding.UTF8.GetBytes(name), TakesTargets = true });
        _table.Remove(hold.Target, hold.Path);
    }

    private string PathOf(NodeId node, string name = "", bool allowsRemoved = false)
    {
        using PathHold hold = _table.Acquire(
            new PathClaim { Node = node, Name = Encoding.UTF8.GetBytes(name), AllowsRemoved = allowsRemoved });
        return hold.Error == Errno.None ? Encoding.UTF8.GetString(hold.Path) : hold.Error.ToString();
    }
}
