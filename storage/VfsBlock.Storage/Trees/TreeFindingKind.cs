namespace VfsBlock.Storage;

/// <summary>What is wrong at a place of a tree.</summary>
public enum TreeFindingKind
{
    /// <summary>The device did not give the node's bytes.</summary>
    Unreadable,

    /// <summary>The node's bytes are not what the pointer says, or no node at all; <see cref="TreeFinding.Fault"/> says why.</summary>
    Invalid,

    /// <summary>The blocks belong to somebody else already, or lie outside the image.</summary>
    Claimed,

    /// <summary>The node is not one level below its parent.</summary>
    Level,

    /// <summary>The node says that it belongs to another tree.</summary>
    TreeId,

    /// <summary>Keys of the node lie outside the range that its parent gives it, or an inner node does not begin where its parent says.</summary>
    KeyBounds,
}
