namespace VfsBlock.Tool;

/// <summary>Paths as bytes: names with '/' between them. Stateless.</summary>
internal static class BytePath
{
    /// <summary>A name behind a path.</summary>
    public static byte[] Join(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name) => path.IsEmpty ? name.ToArray() : [.. path, (byte)'/', .. name];

    /// <summary>All but the last name of a path that has no '/' at its ends.</summary>
    public static ReadOnlySpan<byte> DirectoryOf(ReadOnlySpan<byte> path) => path[..Math.Max(path.LastIndexOf((byte)'/'), 0)];

    /// <summary>The last name of a path.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> path) => path[(path.LastIndexOf((byte)'/') + 1)..];

    /// <summary>The names of a path; "." and what is empty left out.</summary>
    public static List<byte[]> Split(ReadOnlySpan<byte> path)
    {
        var names = new List<byte[]>();
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[range];
            if (!name.IsEmpty && !name.SequenceEqual("."u8))
            {
                names.Add(name.ToArray());
            }
        }

        return names;
    }

    /// <summary>The path without "." and doubled or outer slashes.</summary>
    /// <returns>False if it has a "..": nobody can tell where that leads.</returns>
    public static bool TryNormalize(ReadOnlySpan<byte> path, out byte[] normal)
    {
        List<byte[]> names = Split(path);
        normal = names.Aggregate((byte[])[], (joined, name) => Join(joined, name));
        return !names.Exists(name => name.AsSpan().SequenceEqual(".."u8));
    }
}
