namespace VfsBlock.Storage;

/// <summary>The sizes of the intent log (FORMAT.md section 3), and a batch's checksum.</summary>
public static class LogFormat
{
    /// <summary>Bytes of a page of the ring.</summary>
    public const int PageBytes = 4096;

    /// <summary>The longest batch, in pages: what a reader must have memory for.</summary>
    public const int MaxBatchPages = 1024;

    /// <summary>The shortest ring, in pages.</summary>
    public const int MinRingPages = 8;

    /// <summary>The longest record, in bytes.</summary>
    public const int MaxRecordBytes = ushort.MaxValue;

    /// <summary>Kind, tree and length, which every record begins with, in bytes.</summary>
    public const int RecordHeaderBytes = 4;

    /// <summary>A record's header and key, in bytes.</summary>
    public const int KeyedRecordBytes = RecordHeaderBytes + 16;

    /// <summary>A patch without the bytes that it carries.</summary>
    public const int PatchRecordBytes = KeyedRecordBytes + 2;

    /// <summary>A record's header, block and count, in bytes; a data record has its checksums behind.</summary>
    public const int RunRecordBytes = RecordHeaderBytes + 12;

    /// <summary>A record of the next inode number, in bytes.</summary>
    public const int NextInodeRecordBytes = RecordHeaderBytes + 8;

    /// <summary>How many blocks one data record can vouch for.</summary>
    public const int MaxDataBlocks = (MaxRecordBytes - RunRecordBytes) / 4;

    /// <summary>Block numbers are smaller than this, so that their byte offsets fit a signed 64-bit number.</summary>
    public const ulong BlockLimit = 1UL << 51;

    /// <summary>How many pages a batch with so many bytes of records takes.</summary>
    public static int PagesFor(int recordBytes) => (LogBatchHeader.SizeBytes + recordBytes + PageBytes - 1) / PageBytes;

    /// <summary>CRC32C of a batch's pages, its checksum field taken as zero.</summary>
    public static uint ComputeChecksum(ReadOnlySpan<byte> pages)
    {
        ReadOnlySpan<byte> zero = [0, 0, 0, 0];
        uint checksum = Crc32C.Append(0, pages[..LogBatchHeader.ChecksumOffset]);
        checksum = Crc32C.Append(checksum, zero);
        return Crc32C.Append(checksum, pages[(LogBatchHeader.ChecksumOffset + zero.Length)..]);
    }
}
