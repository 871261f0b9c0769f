using static FormatReading.FormatBytes;

namespace FormatReading;

/// <summary>Section 3: the batches that count, and what they do to the trees.</summary>
internal sealed class FormatLog
{
    private const int PageBytes = 4096;
    private const int HeaderBytes = 64;

    private readonly FormatImage _image;
    private readonly long _offsetBytes;
    private readonly uint _pageCount;
    private readonly List<byte[]> _batches = [];

    public FormatLog(FormatImage image, ReadOnlySpan<byte> controlData)
    {
        _image = image;
        Block = U64(controlData, 88);
        _offsetBytes = (long)Block * image.Superblock.BlockBytes;
        _pageCount = U32(controlData, 96);
        Demand(_pageCount >= 256, $"a log of {_pageCount} pages");
        FindBatches(U32(controlData, 100), U64(controlData, 104), U32(controlData, 112));
    }

    public ulong Block { get; }

    public ulong BlockCount => _pageCount * PageBytes / (ulong)_image.Superblock.BlockBytes;

    public int BatchCount => _batches.Count;

    /// <summary>Changes the trees by the number that records have for them.</summary>
    public void Replay(IReadOnlyList<FormatTree> trees)
    {
        foreach (byte[] batch in _batches)
        {
            foreach (byte[] record in Records(batch))
            {
                if (record[0] is >= 1 and <= 3)
                {
                    Replay(record, trees[record[1]].Items);
                }
            }
        }
    }

    private static void Replay(byte[] record, SortedDictionary<(ulong, ulong), byte[]> items)
    {
        (ulong, ulong) key = (U64(record, 4), U64(record, 12));
        switch (record[0])
        {
            case 1:
                items[key] = record[20..];
                break;
            case 2:
                Demand(items.Remove(key), $"a record deletes {key}, which is not there");
                break;
            default:
                Demand(items.ContainsKey(key), $"a record patches {key}, which is not there");
                items[key] = [.. items[key]];
                record.AsSpan(22).CopyTo(items[key].AsSpan(U16(record, 20)));
                break;
        }
    }

    private void FindBatches(uint page, ulong sequence, uint previousChecksum)
    {
        ulong flushedThrough = 0;
        long readPages = 0;
        while (true)
        {
            byte[] first = ReadPages(page, 1);
            uint count = U32(first, 36);
            bool isExpected = first.AsSpan().StartsWith("VLOG"u8)
                && U64(first, 8) == U64(_image.Superblock.Uuid, 0)
                && U64(first, 24) == sequence
                && U32(first, 32) == previousChecksum
                && count is >= 1 and <= 1024 && readPages + count <= _pageCount;
            byte[] batch = isExpected ? ReadPages(page, count) : [];
            if (!isExpected || U32(batch, 4) != Checksum(batch, 4))
            {
                break;
            }

            Demand(U32(batch, 40) <= batch.Length - HeaderBytes && U64(batch, 48) < sequence, $"batch {sequence} has fields out of range");
            _batches.Add(batch);
            flushedThrough = Math.Max(flushedThrough, U64(batch, 48));
            previousChecksum = U32(batch, 4);
            page = (page + count) % _pageCount;
            readPages += count;
            sequence++;
        }

        int torn = _batches.FindIndex(batch => U64(batch, 24) > flushedThrough && !Records(batch).All(HasData));
        if (torn >= 0)
        {
            _batches.RemoveRange(torn, _batches.Count - torn);
        }
    }

    private bool HasData(byte[] record)
    {
        for (int index = 0; record[0] == 6 && index < U32(record, 12); index++)
        {
            byte[] block = _image.ReadBlock(U64(record, 4) + (ulong)index);
            if (Checksum(block) != U32(record, 16 + (4 * index)))
            {
                return false;
            }
        }

        return true;
    }

    private static List<byte[]> Records(byte[] batch)
    {
        List<byte[]> records = [];
        int end = HeaderBytes + (int)U32(batch, 40);
        for (int at = HeaderBytes; at < end; at += records[^1].Length)
        {
            int length = U16(batch, at + 2);
            Demand(length >= 12 && at + length <= end && batch[at] is >= 1 and <= 7 && batch[at + 1] <= 2, "a record out of range");
            records.Add(batch[at..(at + length)]);
        }

        Demand(records.Count == U32(batch, 44), $"{records.Count} records in a batch of {U32(batch, 44)}");
        return records;
    }

    private byte[] ReadPages(uint page, uint count)
    {
        uint beforeEnd = Math.Min(count, _pageCount - page);
        byte[] head = _image.Read(_offsetBytes + (page * (long)PageBytes), (int)beforeEnd * PageBytes);
        return beforeEnd == count ? head : [.. head, .. _image.Read(_offsetBytes, (int)(count - beforeEnd) * PageBytes)];
    }
}
