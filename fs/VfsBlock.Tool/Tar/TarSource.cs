using System.Globalization;
using System.Text;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>
/// Reads a tree from a tar stream: pax, ustar, GNU tar's and old ones, with all of GNU tar's ways of files with holes. Names lose leading slashes; a name with ".." is left out.
/// </summary>
/// <remarks>One thread. The stream stays the caller's. Nothing in it is believed before it was checked.</remarks>
internal sealed class TarSource(Stream stream, TransferReport report) : ITreeSource
{
    private const int OldMapOffset = 386;
    private const int OldMapEntries = 4;
    private const int OldRealBytesOffset = 483;
    private const int OldMoreOffset = 482;
    private const int MoreEntries = 21;
    private const int MoreMoreOffset = 504;
    private const int MapEntryBytes = 24;
    private const int MapFieldBytes = 12;

    private readonly Dictionary<string, byte[]> _global = [];
    private Dictionary<string, byte[]> _records = [];
    private byte[]? _longName;
    private byte[]? _longLink;
    private long _position;

    /// <inheritdoc/>
    public IEnumerable<TreeEntry> Read()
    {
        while (TryReadHeader(out byte[] block))
        {
            var header = new TarHeader(block, _records) { LongName = _longName, LongLink = _longLink };
            if (TakeExtension(header))
            {
                continue;
            }

            long storedBytes = header.StoredBytes;
            Demand(storedBytes >= 0, "a size makes no sense");
            List<(long Start, long End)> runs = RunsOf(header, storedBytes, out long sizeBytes, out long mapBytes);
            var data = new TarData(stream, runs);
            if (EntryOf(header, data, sizeBytes) is { } entry)
            {
                yield return entry;
            }

            _position += data.ReadBytes;
            Skip(storedBytes - mapBytes - data.ReadBytes);
            Skip(TarFormat.Padding(storedBytes));
            (_records, _longName, _longLink) = (new Dictionary<string, byte[]>(_global), null, null);
        }
    }

    private TreeEntry? EntryOf(TarHeader header, TarData data, long sizeBytes)
    {
        byte[] name = header.Name;
        if (header.Type is not { } type)
        {
            report.LeaveOut(name, string.Create(CultureInfo.InvariantCulture, $"its type '{header.TypeLetter}' means nothing here"));
            return null;
        }

        byte[]? linkTo = null;
        if (!BytePath.TryNormalize(name, out byte[] path) || (header.TypeLetter == '1' && !BytePath.TryNormalize(header.Target, out linkTo)))
        {
            report.LeaveOut(name, "a '..' in its name leads outside");
            return null;
        }

        if (path.Length == 0 && type != InodeType.Directory)
        {
            report.LeaveOut(name, "it has no name");
            return null;
        }

        return header.ToEntry(path, linkTo, type == InodeType.Regular && linkTo is null ? data : null, sizeBytes);
    }

    // Headers that only say something of the next one.
    private bool TakeExtension(TarHeader header)
    {
        switch (header.TypeLetter)
        {
            case 'x' or 'g':
                byte[] text = ReadAll(TarFormat.ReadNumber(header.Block.AsSpan(TarFormat.SizeOffset, MapFieldBytes)));
                bool isGlobal = header.TypeLetter == 'g';
                var oldMap = new List<string>();
                Demand(TarFormat.TryReadRecords(text, (key, value) => Take(isGlobal, key, value, oldMap)), "an extended header is damaged");
                if (oldMap.Count > 0)
                {
                    _records["GNU.sparse.map"] = Encoding.ASCII.GetBytes(string.Join(',', oldMap));
                }

                return true;
            case 'L':
                _longName = TarFormat.ReadText(ReadAll(header.StoredBytes)).ToArray();
                return true;
            case 'K':
                _longLink = TarFormat.ReadText(ReadAll(header.StoredBytes)).ToArray();
                return true;
            case 'V':
                // A name of the archive.
                Skip(header.StoredBytes + TarFormat.Padding(header.StoredBytes));
                return true;
            default:
                return false;
        }
    }

    private void Take(bool isGlobal, string key, byte[] value, List<string> oldMap)
    {
        if (key is "GNU.sparse.offset" or "GNU.sparse.numbytes")
        {
            oldMap.Add(Encoding.ASCII.GetString(value));
        }

        _records[key] = value;
        if (isGlobal)
        {
            _global[key] = value;
        }
    }

    /// <summary>Where the data of an entry belongs. A map that precedes it is read; it is counted in <paramref name="mapBytes"/> if the header counts it too.</summary>
    private List<(long Start, long End)> RunsOf(TarHeader header, long storedBytes, out long sizeBytes, out long mapBytes)
    {
        (sizeBytes, mapBytes) = (storedBytes, 0);
        List<(long Start, long Length)> map;
        if (header.Type != InodeType.Regular || header.TypeLetter == '1')
        {
            sizeBytes = 0;
            return [];
        }

        if (header.IsOldSparse)
        {
            sizeBytes = TarFormat.ReadNumber(header.Block.AsSpan(OldRealBytesOffset, MapFieldBytes));
            map = ReadOldMap(header);
        }
        else if (header.IsNewSparse)
        {
            sizeBytes = header.RealBytes ?? -1;
            long before = _position;
            map = ReadNewMap(storedBytes);
            mapBytes = _position - before;
        }
        else if (header.SparseMap is { } text)
        {
            sizeBytes = header.RealBytes ?? -1;
            map = ReadMap(Encoding.ASCII.GetString(text).Split(','));
        }
        else
        {
            return storedBytes > 0 ? [(0, storedBytes)] : [];
        }

        return Check(map, sizeBytes, storedBytes - mapBytes);
    }

    private List<(long Start, long End)> Check(List<(long Start, long Length)> map, long sizeBytes, long dataBytes)
    {
        var runs = new List<(long Start, long End)>();
        Demand(sizeBytes >= 0, "the size of a file with holes makes no sense");
        long end = 0;
        long total = 0;
        foreach ((long start, long length) in map)
        {
            Demand(start >= end && length >= 0 && start <= sizeBytes && length <= sizeBytes - start, "a map of holes makes no sense");
            end = start + length;
            total += length;
            if (length > 0)
            {
                runs.Add((start, end));
            }
        }

        Demand(total == dataBytes, "a map of holes does not fit the data");
        return runs;
    }

    private List<(long Start, long Length)> ReadOldMap(TarHeader header)
    {
        var map = new List<(long Start, long Length)>();
        AddOldEntries(header.Block.AsSpan(OldMapOffset), OldMapEntries, map);
        bool hasMore = header.Block[OldMoreOffset] != 0;
        while (hasMore)
        {
            byte[] block = new byte[TarFormat.BlockBytes];
            ReadFully(block);
            AddOldEntries(block, MoreEntries, map);
            hasMore = block[MoreMoreOffset] != 0;
            Demand(map.Count < TarFormat.MaxHeaderBytes / MapEntryBytes, "a map of holes is too long");
        }

        return map;
    }

    private static void AddOldEntries(ReadOnlySpan<byte> block, int count, List<(long Start, long Length)> map)
    {
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> entry = block.Slice(index * MapEntryBytes, MapEntryBytes);
            if (entry[0] == 0)
            {
                return;
            }

            map.Add((TarFormat.ReadNumber(entry[..MapFieldBytes]), TarFormat.ReadNumber(entry[MapFieldBytes..])));
        }
    }

    // Numbers, one a line, in blocks of their own.
    private List<(long Start, long Length)> ReadNewMap(long mostBytes)
    {
        var text = new StringBuilder();
        int wanted = int.MaxValue;
        int lineCount = 0;
        while (lineCount < wanted)
        {
            Demand(text.Length < Math.Min(mostBytes, TarFormat.MaxHeaderBytes), "a map of holes is too long");
            byte[] block = new byte[TarFormat.BlockBytes];
            ReadFully(block);
            string part = Encoding.ASCII.GetString(block);
            text.Append(part);
            lineCount += part.AsSpan().Count('\n');
            if (wanted == int.MaxValue)
            {
                bool isNumber = int.TryParse(part.Split('\n')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count < TarFormat.MaxHeaderBytes;
                Demand(isNumber, "a map of holes is damaged");
                wanted = 1 + (2 * count);
            }
        }

        return ReadMap(text.ToString().Split('\n')[1..wanted]);
    }

    private List<(long Start, long Length)> ReadMap(string[] numbers)
    {
        var map = new List<(long Start, long Length)>();
        Demand(numbers.Length % 2 == 0, "a map of holes is damaged");
        for (int index = 0; index < numbers.Length; index += 2)
        {
            bool isSound = long.TryParse(numbers[index], NumberStyles.None, CultureInfo.InvariantCulture, out long start)
                & long.TryParse(numbers[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out long length);
            Demand(isSound, "a map of holes is damaged");
            map.Add((start, length));
        }

        return map;
    }

    /// <summary>Reads the next header; the end of the stream is the end of the archive too, as nobody can tell a lost end mark from none.</summary>
    private bool TryReadHeader(out byte[] block)
    {
        block = new byte[TarFormat.BlockBytes];
        int count = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        if (count == 0)
        {
            Demand(_position > 0, "it is empty");
            return false;
        }

        _position += count;
        Demand(count == block.Length, "it ends in the middle of a header");
        if (!block.AsSpan().ContainsAnyExcept((byte)0))
        {
            return false;
        }

        Demand(TarFormat.IsChecksumRight(block), _position == block.Length ? "it is none" : "a header is damaged");
        return true;
    }

    private byte[] ReadAll(long count)
    {
        Demand(count is >= 0 and <= TarFormat.MaxHeaderBytes, "an extended header is too long");
        byte[] bytes = new byte[count];
        ReadFully(bytes);
        Skip(TarFormat.Padding(count));
        return bytes;
    }

    private void ReadFully(Span<byte> buffer)
    {
        int count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        _position += count;
        Demand(count == buffer.Length, "it ends too early");
    }

    private void Skip(long count)
    {
        Span<byte> buffer = stackalloc byte[TarFormat.BlockBytes];
        for (; count > 0; count -= Math.Min(count, buffer.Length))
        {
            ReadFully(buffer[..(int)Math.Min(count, buffer.Length)]);
        }
    }

    private void Demand(bool isSound, string problem)
    {
        if (!isSound)
        {
            throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"cannot read the tar stream, near byte {_position}: {problem}"), ExitCode.Failed);
        }
    }
}
