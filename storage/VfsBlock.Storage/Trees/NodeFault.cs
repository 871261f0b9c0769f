namespace VfsBlock.Storage;

/// <summary>What is wrong with a node, judged by itself and by the pointer to it.</summary>
public enum NodeFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It does not begin with <c>NODE</c>.</summary>
    Magic,

    /// <summary>It belongs to another image.</summary>
    Image,

    /// <summary>It says that it lies elsewhere: a misdirected write.</summary>
    Block,

    /// <summary>It is older or newer than its pointer says: a lost write.</summary>
    Generation,

    /// <summary>Its bytes are not those that were written: its checksum is wrong, or not the one its pointer has.</summary>
    Checksum,

    /// <summary>Its level is higher than any tree's.</summary>
    Level,

    /// <summary>It has no items, or more than fit.</summary>
    Count,

    /// <summary>Its keys do not ascend.</summary>
    KeyOrder,

    /// <summary>A value is too long, or lies outside the value area.</summary>
    ValueRange,

    /// <summary>Two values overlap.</summary>
    ValueOverlap,

    /// <summary>The value area has another size than its values and dead bytes together.</summary>
    DeadBytes,

    /// <summary>A pointer in it leads nowhere, or to a child younger than itself.</summary>
    Pointer,
}
