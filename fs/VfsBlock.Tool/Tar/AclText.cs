using System.Buffers.Binary;
using System.Globalization;

namespace VfsBlock.Tool;

/// <summary>Access control lists as tar streams have them, <c>user::rw-,user:1000:r--,...</c> (acl(5), short text form), and as extended attributes hold them. Stateless.</summary>
internal static class AclText
{
    private const uint Version = 2;
    private const int HeaderBytes = 4;
    private const int EntryBytes = 8;
    private const uint NoId = uint.MaxValue;

    private static readonly (ushort Tag, string Name, bool HasId)[] _tags =
    [
        (0x01, "user", false), (0x02, "user", true), (0x04, "group", false), (0x08, "group", true), (0x10, "mask", false), (0x20, "other", false),
    ];

    /// <summary>The key that a list has in an extended header; null for another attribute.</summary>
    public static string? KeyOf(ReadOnlySpan<byte> xattr) =>
        xattr.SequenceEqual("system.posix_acl_access"u8) ? "SCHILY.acl.access" : xattr.SequenceEqual("system.posix_acl_default"u8) ? "SCHILY.acl.default" : null;

    /// <summary>The attribute that a key stands for; null for another key.</summary>
    public static byte[]? XattrOf(string key) => key switch
    {
        "SCHILY.acl.access" => [.. "system.posix_acl_access"u8],
        "SCHILY.acl.default" => [.. "system.posix_acl_default"u8],
        _ => null,
    };

    /// <summary>The text of a list; null if it is none.</summary>
    public static string? Format(ReadOnlySpan<byte> value)
    {
        if (value.Length < HeaderBytes || (value.Length - HeaderBytes) % EntryBytes != 0)
        {
            return null;
        }

        var entries = new List<string>();
        for (ReadOnlySpan<byte> rest = value[HeaderBytes..]; !rest.IsEmpty; rest = rest[EntryBytes..])
        {
            ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            ushort permissions = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            (ushort Tag, string Name, bool HasId) kind = Array.Find(_tags, candidate => candidate.Tag == tag);
            if (kind.Tag == 0)
            {
                return null;
            }

            string id = kind.HasId ? BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]).ToString(CultureInfo.InvariantCulture) : "";
            entries.Add($"{kind.Name}:{id}:{Letter(permissions, 4, 'r')}{Letter(permissions, 2, 'w')}{Letter(permissions, 1, 'x')}");
        }

        return string.Join(',', entries);
    }

    /// <summary>The list that a text stands for; null if it is none, or names somebody whom this system does not know.</summary>
    public static byte[]? Parse(string text)
    {
        var entries = new List<(ushort Tag, uint Id, ushort Permissions)>();
        foreach (string word in text.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (ParseEntry(word.Split('#')[0].Trim()) is not { } entry)
            {
                return null;
            }

            entries.Add(entry);
        }

        // The kernel takes them in this order only.
        entries.Sort(static (left, right) => (left.Tag, left.Id).CompareTo((right.Tag, right.Id)));
        byte[] value = new byte[HeaderBytes + (entries.Count * EntryBytes)];
        BinaryPrimitives.WriteUInt32LittleEndian(value, Version);
        Span<byte> rest = value.AsSpan(HeaderBytes);
        foreach ((ushort tag, uint id, ushort permissions) in entries)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(rest[2..], permissions);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], id);
            rest = rest[EntryBytes..];
        }

        return value;
    }

    // user:NAME:rwx, and what star(1) adds, user:NAME:rwx:ID.
    private static (ushort Tag, uint Id, ushort Permissions)? ParseEntry(string word)
    {
        string[] parts = word.Split(':');
        if (parts.Length is < 3 or > 4)
        {
            return null;
        }

        bool hasId = parts[1].Length > 0;
        (ushort Tag, string Name, bool HasId) kind = Array.Find(_tags, candidate => candidate.HasId == hasId && (candidate.Name == parts[0] || candidate.Name[..1] == parts[0]));
        ushort permissions = (ushort)((parts[2].Contains('r', StringComparison.Ordinal) ? 4 : 0)
            | (parts[2].Contains('w', StringComparison.Ordinal) ? 2 : 0)
            | (parts[2].Contains('x', StringComparison.Ordinal) ? 1 : 0));
        uint id = NoId;
        return kind.Tag == 0 || (hasId && !TryFindId(parts.Length == 4 ? parts[3] : parts[1], kind.Name == "user", out id)) ? null : (kind.Tag, id, permissions);
    }

    private static bool TryFindId(string name, bool isUser, out uint id)
    {
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out id))
        {
            return true;
        }

        uint? found = isUser ? Mono.Unix.Native.Syscall.getpwnam(name)?.pw_uid : Mono.Unix.Native.Syscall.getgrnam(name)?.gr_gid;
        id = found ?? NoId;
        return found is not null;
    }

    private static char Letter(ushort permissions, int bit, char letter) => (permissions & bit) != 0 ? letter : '-';
}
