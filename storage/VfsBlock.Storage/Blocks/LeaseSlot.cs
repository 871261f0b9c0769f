namespace VfsBlock.Storage;

/// <summary>What the lease table knows of one lease.</summary>
internal struct LeaseSlot
{
    /// <summary>Goes up when the lease ends, so that copies of it are recognised as stale.</summary>
    public uint Generation;

    /// <summary>The frame it pins, or -1 for memory of the map.</summary>
    public int Frame;

    /// <summary>True if it may change the frame.</summary>
    public bool IsWriter;

    /// <summary>True while it is out.</summary>
    public bool IsOut;

    /// <summary>Where it was taken, if that is remembered.</summary>
    public string? Origin;
}
