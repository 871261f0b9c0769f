using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>
/// POSIX access control lists as extended attributes hold them (linux/posix_acl_xattr.h; acl(5)): how they and the mode of an inode depend on each other. Values are checked by
/// <see cref="IsValid"/> before the other methods see them.
/// </summary>
/// <remarks>Stateless; any thread may call it.</remarks>
internal static class PosixAcl
{
    /// <summary>The longest value that is kept: it lies in its item.</summary>
    public const int MaxBytes = XattrItem.MaxInlineBytes;

    private const uint Version = 2;
    private const int HeaderBytes = 4;
    private const int EntryBytes = 8;
    private const int PermissionOffset = 2;
    private const int UserShift = 6;
    private const int GroupShift = 3;
    private const uint AllBits = 7;

    private enum Tag : ushort
    {
        UserObject = 0x01,
        User = 0x02,
        GroupObject = 0x04,
        Group = 0x08,
        Mask = 0x10,
        Other = 0x20,
    }

    /// <summary>The list that an inode is asked about.</summary>
    public static ReadOnlySpan<byte> AccessName => "system.posix_acl_access"u8;

    /// <summary>The list that a directory gives to what is made in it.</summary>
    public static ReadOnlySpan<byte> DefaultName => "system.posix_acl_default"u8;

    /// <summary>True if a value has no entries, which stands for no list.</summary>
    public static bool IsEmpty(ReadOnlySpan<byte> value) => value.Length <= HeaderBytes;

    /// <summary>True if a value is a list: known tags in their order, owner, group and others once each, and a mask if anybody else is named.</summary>
    public static bool IsValid(ReadOnlySpan<byte> value)
    {
        if (value.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(value) != Version || (value.Length - HeaderBytes) % EntryBytes != 0)
        {
            return false;
        }

        Tag last = 0;
        uint seen = 0;
        for (int at = HeaderBytes; at < value.Length; at += EntryBytes)
        {
            Tag tag = TagAt(value, at);
            bool mayRepeat = tag is Tag.User or Tag.Group;
            bool isKnown = mayRepeat || tag is Tag.UserObject or Tag.GroupObject or Tag.Mask or Tag.Other;
            if (!isKnown || PermissionsAt(value, at) > AllBits || tag < last || (tag == last && !mayRepeat))
            {
                return false;
            }

            last = tag;
            seen |= (uint)tag;
        }

        const uint Needed = (uint)(Tag.UserObject | Tag.GroupObject | Tag.Other);
        const uint Named = (uint)(Tag.User | Tag.Group);
        return IsEmpty(value) || ((seen & Needed) == Needed && ((seen & Named) == 0 || (seen & (uint)Tag.Mask) != 0));
    }

    /// <summary>True if a list says more than a mode can.</summary>
    public static bool IsExtended(ReadOnlySpan<byte> value)
    {
        for (int at = HeaderBytes; at < value.Length; at += EntryBytes)
        {
            if (TagAt(value, at) is Tag.User or Tag.Group or Tag.Mask)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The permission bits that a list stands for: the mask, if there is one, is the group's.</summary>
    public static uint PermissionsOf(ReadOnlySpan<byte> value)
    {
        uint permissions = 0;
        uint group = 0;
        for (int at = HeaderBytes; at < value.Length; at += EntryBytes)
        {
            uint bits = PermissionsAt(value, at);
            Tag tag = TagAt(value, at);
            permissions |= tag == Tag.UserObject ? bits << UserShift : tag == Tag.Other ? bits : 0;
            group = tag is Tag.GroupObject or Tag.Mask ? bits : group;
        }

        return permissions | (group << GroupShift);
    }

    /// <summary>Makes a list say what a mode says: chmod(2).</summary>
    public static void SetPermissions(Span<byte> value, uint permissions) => Adapt(value, permissions, keepsOnly: false);

    /// <summary>Makes a directory's default list the list of a new inode: no entry allows more than the mode that the inode was asked to be made with.</summary>
    /// <param name="value">The list.</param>
    /// <param name="permissions">The permissions asked for, the umask not taken off.</param>
    /// <returns>The permissions that the inode gets.</returns>
    public static uint Inherit(Span<byte> value, uint permissions)
    {
        Adapt(value, permissions, keepsOnly: true);
        return (permissions & ~ModeBits.AllPermissions) | PermissionsOf(value);
    }

    private static void Adapt(Span<byte> value, uint permissions, bool keepsOnly)
    {
        bool hasMask = false;
        for (int at = HeaderBytes; at < value.Length; at += EntryBytes)
        {
            hasMask |= TagAt(value, at) == Tag.Mask;
        }

        for (int at = HeaderBytes; at < value.Length; at += EntryBytes)
        {
            int shift = TagAt(value, at) switch
            {
                Tag.UserObject => UserShift,
                Tag.GroupObject when !hasMask => GroupShift,
                Tag.Mask => GroupShift,
                Tag.Other => 0,
                _ => -1,
            };
            if (shift >= 0)
            {
                uint bits = (permissions >> shift) & AllBits & (keepsOnly ? PermissionsAt(value, at) : AllBits);
                BinaryPrimitives.WriteUInt16LittleEndian(value[(at + PermissionOffset)..], (ushort)bits);
            }
        }
    }

    private static Tag TagAt(ReadOnlySpan<byte> value, int at) => (Tag)BinaryPrimitives.ReadUInt16LittleEndian(value[at..]);

    private static uint PermissionsAt(ReadOnlySpan<byte> value, int at) => BinaryPrimitives.ReadUInt16LittleEndian(value[(at + PermissionOffset)..]);
}
