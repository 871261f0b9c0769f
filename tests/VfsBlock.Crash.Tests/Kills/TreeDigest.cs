using System.Globalization;
using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>Everything below a directory in words, by path: what a volume and a model say the same of, if they have the same there. Times and inode numbers are left out.</summary>
internal static class TreeDigest
{
    public static string Of(ModelVolume model)
    {
        var text = new StringBuilder();
        Describe(model, model.Inodes[InodeNumber.Root], "", [], text);
        return text.ToString();
    }

    public static string Of(Volume volume, InodeNumber directory)
    {
        var text = new StringBuilder();
        Describe(volume, directory, "", [], text);
        return text.ToString();
    }

    private static void Describe(ModelVolume model, ModelInode directory, string prefix, Dictionary<InodeNumber, int> seen, StringBuilder text)
    {
        foreach ((string name, InodeNumber number) in directory.Names)
        {
            ModelInode inode = model.Inodes[number];
            string path = $"{prefix}/{name}";
            string xattrs = string.Join(' ', inode.Xattrs.Select(pair => Describe(pair.Key, pair.Value)));
            Describe(path, Number(seen, number), inode.Attributes, xattrs, Crc32C.Compute(inode.Content.Bytes.Span), Crc32C.Compute(inode.Target), text);
            if (inode.IsDirectory)
            {
                Describe(model, inode, path, seen, text);
            }
        }
    }

    private static void Describe(Volume volume, InodeNumber directory, string prefix, Dictionary<InodeNumber, int> seen, StringBuilder text)
    {
        foreach (ListedEntry entry in VolumeListing.ReadAll(volume, directory).Skip(2).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            string path = $"{prefix}/{entry.Name}";
            InodeItem attributes = entry.Attributes;
            Describe(path, Number(seen, entry.Number), attributes, Xattrs(volume, entry.Number), Data(volume, entry), Target(volume, entry), text);
            if (attributes.IsDirectory)
            {
                Describe(volume, entry.Number, path, seen, text);
            }
        }
    }

    private static void Describe(string path, int number, in InodeItem inode, string xattrs, uint data, uint target, StringBuilder text) => text.AppendLine(
        CultureInfo.InvariantCulture,
        $"{path} #{number} {inode.Mode:x} links {inode.LinkCount} owner {inode.UserId}:{inode.GroupId} size {inode.SizeBytes} blocks {inode.BlockCount} device {inode.Device:x} flags {inode.Flags:x} data {data:x} target {target:x} {xattrs}");

    private static string Describe(string name, ReadOnlySpan<byte> value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value.Length}:{Crc32C.Compute(value):x}");

    // Names of one inode have the same number.
    private static int Number(Dictionary<InodeNumber, int> seen, InodeNumber inode) => seen.TryGetValue(inode, out int number) ? number : seen[inode] = seen.Count;

    private static uint Data(Volume volume, in ListedEntry entry)
    {
        byte[] bytes = new byte[entry.Type == InodeType.Regular ? entry.Attributes.SizeBytes : 0];
        if (bytes.Length > 0)
        {
            Demand(volume.Read(entry.Number, 0, bytes), bytes.Length, entry.Name);
        }

        return Crc32C.Compute(bytes);
    }

    private static uint Target(Volume volume, in ListedEntry entry)
    {
        byte[] target = new byte[VolumeLimits.MaxSymlinkBytes];
        int targetBytes = 0;
        if (entry.Type == InodeType.SymbolicLink)
        {
            Demand(volume.ReadLink(entry.Number, target, out targetBytes), entry.Name);
        }

        return Crc32C.Compute(target.AsSpan(0, targetBytes));
    }

    private static string Xattrs(Volume volume, InodeNumber inode)
    {
        byte[] buffer = new byte[VolumeLimits.MaxXattrListBytes];
        Demand(volume.ListXattrs(inode, buffer, out int listBytes), "names of attributes");
        string[] names = ModelVolume.Key(buffer.AsSpan(0, listBytes)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        List<string> words = [];
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            Demand(volume.GetXattr(inode, ModelVolume.Bytes(name), buffer, out int valueBytes), name);
            words.Add(Describe(name, buffer.AsSpan(0, valueBytes)));
        }

        return string.Join(' ', words);
    }

    private static void Demand(Errno error, string what)
    {
        if (error != Errno.None)
        {
            throw new CrashFailedException($"{what} cannot be read: {error}");
        }
    }

    private static void Demand(IoResult result, int lengthBytes, string what)
    {
        if (!result.Succeeded || result.Bytes != lengthBytes)
        {
            throw new CrashFailedException($"{what} cannot be read: {result.Bytes} of {lengthBytes} bytes, {result.Error}");
        }
    }
}
