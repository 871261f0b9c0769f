namespace VfsBlock.Storage;

/// <summary>Where, among the 16 numbers of a hash, an item is or would go.</summary>
/// <param name="Sub">The sub key of its item.</param>
/// <param name="IsTaken">True if the item is there.</param>
/// <param name="IsFull">True if it is not, and all numbers are taken by others.</param>
internal readonly record struct ItemSlot(ulong Sub, bool IsTaken, bool IsFull)
{
    /// <summary>Not there, and no room.</summary>
    public static ItemSlot Full => new(0, IsTaken: false, IsFull: true);

    /// <summary>There.</summary>
    public static ItemSlot Taken(ulong sub) => new(sub, IsTaken: true, IsFull: false);

    /// <summary>Not there; this is where it would go.</summary>
    public static ItemSlot Free(ulong sub) => new(sub, IsTaken: false, IsFull: false);
}
