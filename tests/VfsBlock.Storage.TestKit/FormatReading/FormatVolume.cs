using System.Text;
using static FormatReading.FormatBytes;

namespace FormatReading;

/// <summary>Section 4: the files that the items of a file tree make.</summary>
internal sealed class FormatVolume
{
    private const int MaxInlineBytes = 2048;

    private readonly FormatImage _image;
    private readonly SortedDictionary<(ulong Hi, ulong Lo), byte[]> _items;
    private readonly byte[] _hashKey;

    public FormatVolume(FormatImage image, SortedDictionary<(ulong Hi, ulong Lo), byte[]> items, byte[] hashKey)
    {
        _image = image;
        _items = items;
        _hashKey = hashKey;
        Add("/", 1, 1, parentDentrySub: null);
    }

    /// <summary>Everything that has a name, by its path.</summary>
    public SortedDictionary<string, FormatFile> Files { get; } = new(StringComparer.Ordinal);

    private void Add(string path, ulong number, ulong parent, ulong? parentDentrySub)
    {
        byte[] inode = Item(number, 1, 0);
        Demand(inode.Length == 112, $"inode {number} has {inode.Length} bytes");
        uint mode = U32(inode, 0);
        if (parentDentrySub is { } sub)
        {
            byte[] reference = [.. BitConverter.GetBytes(parent), .. BitConverter.GetBytes(sub)];
            Demand(Of(number, 3).Any(item => item.Value.AsSpan().SequenceEqual(reference) && item.Sub >> 4 == Hash(reference)), $"{path} has no reference back");
        }

        Dictionary<string, byte[]> xattrs = Of(number, 4).Select(item => Xattr(number, item.Sub, item.Value)).ToDictionary();
        byte[] content = (mode >> 12) switch
        {
            8 => Data(number, U64(inode, 16)),
            10 => [.. Item(number, 2, 0), .. _items.GetValueOrDefault((number, Low(2, 1)), [])],
            _ => [],
        };
        Demand((mode >> 12) is not 10 || (ulong)content.Length == U64(inode, 16), $"{path} has a target of another length");
        Files.Add(path, new FormatFile(number, mode, U32(inode, 4), U32(inode, 80), I64(inode, 40), content, xattrs));
        foreach ((ulong dentrySub, byte[] dentry) in Of(number, 5))
        {
            Demand(mode >> 12 == 4 && dentry.Length is > 9 and <= 264, $"{path} has a name that cannot be");
            Demand(dentrySub >> 4 == Hash(dentry.AsSpan(9)), $"a name in {path} is not where its hash says");
            string child = $"{path.TrimEnd('/')}/{Encoding.Latin1.GetString(dentry, 9, dentry.Length - 9)}";
            Add(child, U64(dentry, 0), number, dentrySub);
            Demand(Files[child].Mode >> 12 == dentry[8], $"{child} is not of the type that its name says");
        }
    }

    private KeyValuePair<string, byte[]> Xattr(ulong number, ulong sub, byte[] item)
    {
        string name = Encoding.Latin1.GetString(item, 8, item[0]);
        Demand(sub >> 4 == Hash(item.AsSpan(8, item[0])) >> 8, $"xattr {name} is not where its hash says");
        byte[] value = (item[1] & 1) == 0 ? item[(8 + item[0])..] : [.. Of(number, 7).Where(chunk => chunk.Sub >> 8 == sub).SelectMany(chunk => chunk.Value)];
        Demand(value.Length == U32(item, 4), $"xattr {name} has {value.Length} bytes, not {U32(item, 4)}");
        return new(name, value);
    }

    private byte[] Data(ulong number, ulong sizeBytes)
    {
        if (_items.TryGetValue((number, Low(2, 0)), out byte[]? inline))
        {
            Demand((ulong)inline.Length == sizeBytes && inline.Length <= MaxInlineBytes, $"inode {number} has {inline.Length} bytes in its item, not {sizeBytes}");
            return inline;
        }

        byte[] data = new byte[sizeBytes];
        foreach ((ulong fileBlock, byte[] extent) in Of(number, 6))
        {
            for (uint index = 0; index < U32(extent, 16) && (U16(extent, 20) & 1) == 0; index++)
            {
                byte[] block = _image.ReadBlock(U64(extent, 0) + index);
                Demand(Checksum(block) == U32(extent, 32 + (4 * (int)index)), $"block {fileBlock + index} of inode {number} has another checksum");
                ulong offset = (fileBlock + index) * (ulong)block.Length;
                if (offset < sizeBytes)
                {
                    block.AsSpan(0, (int)Math.Min((ulong)block.Length, sizeBytes - offset)).CopyTo(data.AsSpan((int)offset));
                }
            }
        }

        return data;
    }

    private List<(ulong Sub, byte[] Value)> Of(ulong number, ulong type) =>
        [.. _items.Where(item => item.Key.Hi == number && item.Key.Lo >> 60 == type).Select(item => (item.Key.Lo & Low(0, ulong.MaxValue >> 4), item.Value))];

    private byte[] Item(ulong number, ulong type, ulong sub)
    {
        Demand(_items.TryGetValue((number, Low(type, sub)), out byte[]? value), $"inode {number} has no item of type {type}");
        return value!;
    }

    private static ulong Low(ulong type, ulong sub) => (type << 60) | sub;

    private ulong Hash(ReadOnlySpan<byte> bytes) => SipHash(_hashKey, bytes) >> 8;
}
