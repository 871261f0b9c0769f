using System.Buffers.Binary;

namespace VfsBlock.Storage.TestKit;

/// <summary>An access control list of a <see cref="ModelVolume"/>, entry by entry (acl(5)).</summary>
internal sealed class ModelAcl
{
    private const uint Version = 2;
    private const int HeaderBytes = 4;
    private const int EntryBytes = 8;
    private const ushort Owner = 0x01;
    private const ushort Group = 0x04;
    private const ushort Mask = 0x10;
    private const ushort Other = 0x20;

    private readonly List<(ushort Tag, uint Permissions, uint Id)> _entries = [];

    /// <summary>Reads a list from what an extended attribute holds.</summary>
    public ModelAcl(ReadOnlySpan<byte> value)
    {
        for (ReadOnlySpan<byte> rest = value[HeaderBytes..]; !rest.IsEmpty; rest = rest[EntryBytes..])
        {
            ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            _entries.Add((tag, BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]), BinaryPrimitives.ReadUInt32LittleEndian(rest[4..])));
        }
    }

    /// <summary>True for no list at all.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>True if it says more than a mode.</summary>
    public bool IsExtended => _entries.Any(entry => entry.Tag is not (Owner or Group or Other));

    /// <summary>The mode that it stands for.</summary>
    public uint Permissions => (Of(Owner) << 6) | (Of(GroupClass) << 3) | Of(Other);

    // The mask, if there is one, is what the mode shows as the group's.
    private ushort GroupClass => _entries.Any(entry => entry.Tag == Mask) ? Mask : Group;

    /// <summary>What an extended attribute holds of it.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeaderBytes + (_entries.Count * EntryBytes)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Version);
        Span<byte> rest = bytes.AsSpan(HeaderBytes);
        foreach ((ushort tag, uint permissions, uint id) in _entries)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(rest[2..], (ushort)permissions);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], id);
            rest = rest[EntryBytes..];
        }

        return bytes;
    }

    /// <summary>Makes it stand for a mode.</summary>
    public void SetPermissions(uint permissions)
    {
        Set(Owner, (permissions >> 6) & 7);
        Set(GroupClass, (permissions >> 3) & 7);
        Set(Other, permissions & 7);
    }

    private uint Of(ushort tag) => _entries.Find(entry => entry.Tag == tag).Permissions;

    private void Set(ushort tag, uint permissions)
    {
        int index = _entries.FindIndex(entry => entry.Tag == tag);
        _entries[index] = _entries[index] with { Permissions = permissions };
    }
}
