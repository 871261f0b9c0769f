using System.Runtime.InteropServices;

namespace VfsBlock.Fuse.Tests;

/// <summary>Reads a listing the way the kernel does (parse_dirfile of fs/fuse/readdir.c), for either kind of record.</summary>
/// <param name="PrefixBytes">What comes before the plain record.</param>
internal sealed record ListingReader(int PrefixBytes)
{
    public static ListingReader Plain { get; } = new(0);

    public static ListingReader Plus { get; } = new(128);

    public int RecordBytes(int nameBytes) => PrefixBytes + ((24 + nameBytes + 7) / 8 * 8);

    /// <summary>Writes as many names as fit, with the cookies 1, 2 and so on.</summary>
    public int Write(Span<byte> reply, byte[][] names, uint mode, ref int added)
    {
        var plain = new FuseDirectoryWriter(reply);
        var plus = new FuseDirectoryPlusWriter(reply);
        var entry = new FuseEntryOut { NodeId = 2, Attr = new FuseAttr { Inode = 2, Mode = mode } };
        foreach (byte[] name in names)
        {
            ulong cookie = (ulong)added + 1;
            if (!(PrefixBytes == 0 ? plain.TryAdd(name, 2, mode, cookie) : plus.TryAdd(name, in entry, cookie)))
            {
                break;
            }

            added++;
        }

        return plain.BytesWritten + plus.BytesWritten;
    }

    public List<(FuseDirent Dirent, byte[] Name)> Read(ReadOnlySpan<byte> reply)
    {
        var records = new List<(FuseDirent, byte[])>();
        while (reply.Length >= PrefixBytes + 24)
        {
            FuseDirent dirent = MemoryMarshal.Read<FuseDirent>(reply[PrefixBytes..]);
            int recordBytes = RecordBytes((int)dirent.NameLength);
            if (recordBytes > reply.Length)
            {
                break;
            }

            ReadOnlySpan<byte> padded = reply[(PrefixBytes + 24)..recordBytes];
            if (padded[(int)dirent.NameLength..].IndexOfAnyExcept((byte)0) >= 0)
            {
                throw new InvalidDataException("padding that is not zero");
            }

            records.Add((dirent, padded[..(int)dirent.NameLength].ToArray()));
            reply = reply[recordBytes..];
        }

        return reply.IsEmpty ? records : throw new InvalidDataException("a partial record at the end");
    }
}
