using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Loads the nodes that one operation misses, one after the other, each time that it starts again. A pointer may be out of date by the time its node is loaded; the operation then finds
/// another when it looks again. If it finds the same, the tree refers to blocks that are not the node's, and would do so for ever.
/// </summary>
/// <remarks>Lives on the stack of the operation's thread, which holds no lock.</remarks>
internal struct NodeLoader(INodeStore store)
{
    private readonly INodeStore _store = store;
    private NodePointer _stale;

    /// <summary>Loads a node.</summary>
    /// <returns>None: look again. EIO, EBUSY.</returns>
    public Errno Load(in NodePointer cold)
    {
        Errno error = _store.Load(cold);
        if (error is not (Errno.ESTALE or Errno.EIO))
        {
            return error;
        }

        // EIO too may only say that the blocks are somebody else's by now: whoever looks again then finds another node. Blocks and generation name one; its checksum may have been
        // set meanwhile.
        if (_stale.Block == cold.Block && _stale.Generation == cold.Generation)
        {
            _store.NoteDamage(cold);
            return Errno.EIO;
        }

        _stale = cold;
        return Errno.None;
    }
}
