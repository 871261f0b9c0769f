using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>A run of blocks in native memory.</summary>
internal struct Frame
{
    /// <summary>The first block.</summary>
    public ulong First;

    /// <summary>How many blocks.</summary>
    public int BlockCount;

    /// <summary>What it holds.</summary>
    public FrameState State;

    /// <summary>True if it was used since the clock's hand passed.</summary>
    public bool IsReferenced;

    /// <summary>True if the committed root reaches a block of it, so that the commit needs a redo copy.</summary>
    public bool IsInPlace;

    /// <summary>To how many of its blocks the table leads; the others were freed, or newer content has their place.</summary>
    public int MappedCount;

    /// <summary>Leases on it.</summary>
    public int PinCount;

    /// <summary>Those of them that may change it.</summary>
    public int WriterCount;

    /// <summary>Where the redo copy goes.</summary>
    public BlockRun Scratch;

    /// <summary>Address of the first block.</summary>
    public nint Address;

    /// <summary>Its memory.</summary>
    public IoBufferLease Memory;

    /// <summary>The pool, if it was made for this frame alone.</summary>
    public IoBufferPool? OwnPool;

    /// <summary>Which pool it is of.</summary>
    public int PoolIndex;
}
