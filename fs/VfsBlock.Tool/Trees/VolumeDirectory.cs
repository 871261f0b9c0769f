using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>Questions about a volume that several commands ask. Stateless.</summary>
internal static class VolumeDirectory
{
    /// <summary>What is in a directory, sorted by the bytes of the names, without "." and "..".</summary>
    public static Errno List(Volume volume, InodeNumber directory, out List<(byte[] Name, InodeEntry Entry)> entries)
    {
        var reader = new Reader();
        Errno error;
        int before;
        do
        {
            before = reader.TakenCount;
            error = volume.ReadDirectoryEntries(directory, reader.Cookie, ref reader);
        }
        while (error == Errno.None && reader.TakenCount != before);

        entries = reader.Entries;
        entries.Sort(static (left, right) => left.Name.AsSpan().SequenceCompareTo(right.Name));
        return error;
    }

    /// <summary>All extended attributes of an inode.</summary>
    public static Errno ReadXattrs(Volume volume, InodeNumber inode, out List<TreeXattr> xattrs)
    {
        xattrs = [];
        Errno error = volume.ListXattrs(inode, default, out int listBytes);
        if (error != Errno.None || listBytes == 0)
        {
            return error;
        }

        byte[] list = new byte[listBytes];
        error = volume.ListXattrs(inode, list, out _);
        ReadOnlySpan<byte> rest = list;
        while (error == Errno.None && rest.IndexOf((byte)0) is > 0 and var end)
        {
            byte[] name = rest[..end].ToArray();
            rest = rest[(end + 1)..];
            error = volume.GetXattr(inode, name, default, out int valueBytes);
            byte[] value = new byte[valueBytes];
            error = error == Errno.None ? volume.GetXattr(inode, name, value, out _) : error;
            xattrs.Add(new TreeXattr(name, value));
        }

        return error;
    }

    /// <summary>Where a symbolic link leads.</summary>
    public static Errno ReadLink(Volume volume, InodeNumber link, out byte[] target)
    {
        Span<byte> buffer = stackalloc byte[VolumeLimits.MaxSymlinkBytes];
        Errno error = volume.ReadLink(link, buffer, out int length);
        target = buffer[..length].ToArray();
        return error;
    }

    private struct Reader() : IDirectoryEntryReader
    {
        public readonly List<(byte[] Name, InodeEntry Entry)> Entries = [];
        public ulong Cookie;
        public int TakenCount;

        public bool TryAdd(scoped ReadOnlySpan<byte> name, in InodeEntry entry, ulong cookie)
        {
            Cookie = cookie;
            TakenCount++;
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                Entries.Add((name.ToArray(), entry));
            }

            return true;
        }
    }
}
