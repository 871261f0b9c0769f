using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <summary>Builds the keys of a file tree and takes them apart (FORMAT.md section 4.2).</summary>
internal static class FileKey
{
    /// <summary>Bits of the low word that the sub key has; the type has the four above.</summary>
    public const int SubBits = 60;

    /// <summary>The largest sub key.</summary>
    public const ulong MaxSub = (1UL << SubBits) - 1;

    /// <summary>Bits of a sub key that number the items of one hash.</summary>
    public const int SlotBits = 4;

    /// <summary>How many items of one hash there can be.</summary>
    public const int SlotCount = 1 << SlotBits;

    /// <summary>Bits of a hash that stand in a sub key.</summary>
    public const int HashBits = SubBits - SlotBits;

    /// <summary>Bits of a sub key of <see cref="ItemType.XattrData"/> that number the parts; the attribute's slot has those above.</summary>
    public const int ChunkBits = 8;

    /// <summary>Bits of a hash in the sub key of an extended attribute, so that its parts' sub keys have room for a number.</summary>
    public const int XattrHashBits = HashBits - ChunkBits;

    /// <summary>The key of an item.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TreeKey Of(InodeNumber inode, ItemType type, ulong sub = 0) => new(inode.Value, ((ulong)type << SubBits) | sub);

    /// <summary>The key of the item that makes an inode an orphan.</summary>
    public static TreeKey Orphan(InodeNumber inode) => Of(InodeNumber.None, ItemType.Orphan, inode.Value);

    /// <summary>The key of a part of a long extended attribute.</summary>
    public static TreeKey XattrData(InodeNumber inode, ulong xattrSub, int chunk) =>
        Of(inode, ItemType.XattrData, (xattrSub << ChunkBits) | (uint)chunk);

    /// <summary>The inode that the item belongs to.</summary>
    public static InodeNumber Inode(this TreeKey key) => new(key.High);

    /// <summary>The item's type. Not one of the named ones if the image is damaged or newer.</summary>
    public static ItemType Type(this TreeKey key) => (ItemType)(key.Low >> SubBits);

    /// <summary>The part of the key below the type.</summary>
    public static ulong Sub(this TreeKey key) => key.Low & MaxSub;

    /// <summary>The first sub key of a hash.</summary>
    public static ulong FirstSub(ulong hash) => hash << SlotBits;
}
