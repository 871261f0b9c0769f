using System.Globalization;
using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>Writes a tree as a tar stream in pax format; files with holes as GNU tar's sparse files, version 1.0.</summary>
/// <remarks>One thread. The stream stays the caller's.</remarks>
internal sealed class TarSink(Stream stream, TransferReport report, DataCopy copy) : ITreeSink
{
    private const int RecordBytes = 10_240;

    private long _writtenBytes;

    /// <inheritdoc/>
    public void Add(TreeEntry entry)
    {
        if (entry.Type == InodeType.Socket && entry.LinkTo is null)
        {
            report.Lose("sockets, which tar has no type for,", entry.Path, Errno.EOPNOTSUPP);
            return;
        }

        List<(long Start, long End)> runs = RunsOf(entry);
        long dataBytes = runs.Sum(run => run.End - run.Start);
        byte[] map = dataBytes < entry.SizeBytes ? MapOf(runs, entry.SizeBytes) : [];
        var records = new List<byte>();
        byte[] header = HeaderOf(entry, map.Length + dataBytes, map.Length > 0, records);
        if (records.Count > 0)
        {
            WriteExtended(entry, records);
        }

        Write(header);
        Write(map);
        WriteData(entry, runs, dataBytes);
    }

    /// <inheritdoc/>
    public void Finish()
    {
        Write(new byte[2 * TarFormat.BlockBytes]);
        Write(new byte[(RecordBytes - (_writtenBytes % RecordBytes)) % RecordBytes]);
        stream.Flush();
    }

    private List<(long Start, long End)> RunsOf(TreeEntry entry)
    {
        var runs = new List<(long Start, long End)>();
        long offset = 0;
        Errno error = Errno.None;
        while (entry.Data is { } data && (error = data.NextRun(offset, out long start, out offset)) == Errno.None)
        {
            runs.Add((start, offset));
        }

        if (error is not (Errno.None or Errno.ENXIO))
        {
            report.LeaveOut(entry.Path, "cannot find all of its data", error);
        }

        return runs;
    }

    // How many runs there are, then where each begins and how long it is; an empty one says where the file ends.
    private static byte[] MapOf(List<(long Start, long End)> runs, long sizeBytes)
    {
        var map = new StringBuilder();
        bool endsInHole = runs.Count == 0 || runs[^1].End < sizeBytes;
        map.Append(CultureInfo.InvariantCulture, $"{runs.Count + (endsInHole ? 1 : 0)}\n");
        foreach ((long start, long end) in runs)
        {
            map.Append(CultureInfo.InvariantCulture, $"{start}\n{end - start}\n");
        }

        map.Append(endsInHole ? string.Create(CultureInfo.InvariantCulture, $"{sizeBytes}\n0\n") : "");
        map.Append('\0', (int)TarFormat.Padding(map.Length));
        return Encoding.ASCII.GetBytes(map.ToString());
    }

    private static byte[] HeaderOf(TreeEntry entry, long storedBytes, bool isSparse, List<byte> records)
    {
        byte[] header = new byte[TarFormat.BlockBytes];
        byte[] name = entry.Path.Length == 0 ? [.. "./"u8]
            : entry.Type == InodeType.Directory ? [.. entry.Path, (byte)'/']
            : entry.Path;
        if (isSparse)
        {
            TarFormat.AddRecord(records, "GNU.sparse.major", "1"u8);
            TarFormat.AddRecord(records, "GNU.sparse.minor", "0"u8);
            TarFormat.AddRecord(records, "GNU.sparse.name", name);
            TarFormat.AddRecord(records, "GNU.sparse.realsize", Number(entry.SizeBytes));
            name = [.. "GNUSparseFile.0/"u8, .. BytePath.NameOf(name)];
        }

        WriteText(header.AsSpan(0, TarFormat.NameBytes), name, isSparse ? null : "path", records);
        TarFormat.TryWriteNumber(header.AsSpan(TarFormat.ModeOffset, 8), entry.Permissions);
        WriteNumber(header.AsSpan(TarFormat.UserOffset, 8), entry.UserId, "uid", records);
        WriteNumber(header.AsSpan(TarFormat.GroupOffset, 8), entry.GroupId, "gid", records);
        WriteNumber(header.AsSpan(TarFormat.SizeOffset, 12), storedBytes, "size", records);
        if (!TarFormat.TryWriteNumber(header.AsSpan(TarFormat.TimeOffset, 12), entry.ModifyTime.Seconds) || entry.ModifyTime.Nanoseconds != 0)
        {
            TarFormat.AddRecord(records, "mtime", TarFormat.TimeText(entry.ModifyTime));
        }

        if (entry.AccessTime is { } accessTime)
        {
            TarFormat.AddRecord(records, "atime", TarFormat.TimeText(accessTime));
        }

        header[TarFormat.TypeOffset] = TypeOf(entry);
        WriteText(header.AsSpan(TarFormat.LinkOffset, TarFormat.NameBytes), entry.LinkTo ?? entry.Target, "linkpath", records);
        "ustar\0"u8.CopyTo(header.AsSpan(TarFormat.MagicOffset));
        "00"u8.CopyTo(header.AsSpan(TarFormat.MagicOffset + 6));
        TarFormat.TryWriteNumber(header.AsSpan(TarFormat.MajorOffset, 8), ModeText.Major(entry.Device));
        TarFormat.TryWriteNumber(header.AsSpan(TarFormat.MinorOffset, 8), ModeText.Minor(entry.Device));
        AddXattrs(entry, records);
        TarFormat.Seal(header);
        return header;
    }

    // Lists go in the two ways that tar programs know: GNU tar's --acls and its --xattrs.
    private static void AddXattrs(TreeEntry entry, List<byte> records)
    {
        foreach (TreeXattr xattr in entry.Xattrs)
        {
            if (AclText.KeyOf(xattr.Name) is { } key && AclText.Format(xattr.Value) is { } text)
            {
                TarFormat.AddRecord(records, key, Encoding.ASCII.GetBytes(text));
            }
            else
            {
                TarFormat.AddRecord(records, TarFormat.KeyOf(xattr.Name), xattr.Value);
            }
        }
    }

    private static byte TypeOf(TreeEntry entry) => (byte)(entry.LinkTo is not null ? '1' : entry.Type switch
    {
        InodeType.SymbolicLink => '2',
        InodeType.CharacterDevice => '3',
        InodeType.BlockDevice => '4',
        InodeType.Directory => '5',
        InodeType.Fifo => '6',
        _ => '0',
    });

    private static byte[] Number(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static void WriteText(Span<byte> field, ReadOnlySpan<byte> text, string? key, List<byte> records)
    {
        text[..Math.Min(text.Length, field.Length)].CopyTo(field);
        if (text.Length > field.Length && key is not null)
        {
            TarFormat.AddRecord(records, key, text);
        }
    }

    private static void WriteNumber(Span<byte> field, long number, string key, List<byte> records)
    {
        if (!TarFormat.TryWriteNumber(field, number))
        {
            TarFormat.AddRecord(records, key, Number(number));
        }
    }

    private void WriteExtended(TreeEntry entry, List<byte> records)
    {
        byte[] header = new byte[TarFormat.BlockBytes];
        byte[] name = [.. "PaxHeaders/"u8, .. BytePath.NameOf(entry.Path)];
        name.AsSpan(0, Math.Min(name.Length, TarFormat.NameBytes)).CopyTo(header);
        TarFormat.TryWriteNumber(header.AsSpan(TarFormat.ModeOffset, 8), 0x1A4);
        TarFormat.TryWriteNumber(header.AsSpan(TarFormat.UserOffset, 8), 0);
        TarFormat.TryWriteNumber(header.AsSpan(TarFormat.GroupOffset, 8), 0);
        TarFormat.TryWriteNumber(header.AsSpan(TarFormat.SizeOffset, 12), records.Count);
        TarFormat.TryWriteNumber(header.AsSpan(TarFormat.TimeOffset, 12), 0);
        header[TarFormat.TypeOffset] = (byte)'x';
        "ustar\0"u8.CopyTo(header.AsSpan(TarFormat.MagicOffset));
        "00"u8.CopyTo(header.AsSpan(TarFormat.MagicOffset + 6));
        TarFormat.Seal(header);
        Write(header);
        Write([.. records]);
        Write(new byte[TarFormat.Padding(records.Count)]);
    }

    private void WriteData(TreeEntry entry, List<(long Start, long End)> runs, long dataBytes)
    {
        long before = _writtenBytes;
        if (runs.Count > 0)
        {
            (Errno error, _) = copy.Copy(entry.Data!, (_, bytes) =>
            {
                Write(bytes);
                return Errno.None;
            });
            if (error != Errno.None)
            {
                report.LeaveOut(entry.Path, "cannot copy all of it; zeros take its place", error);
            }
        }

        // What was announced must come, or nobody finds the next header.
        byte[] zeros = new byte[TarFormat.BlockBytes];
        for (long missing = dataBytes - (_writtenBytes - before); missing > 0; missing -= Math.Min(missing, zeros.Length))
        {
            Write(zeros.AsSpan(0, (int)Math.Min(missing, zeros.Length)));
        }

        Write(zeros.AsSpan(0, (int)TarFormat.Padding(dataBytes)));
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _writtenBytes += bytes.Length;
    }
}
