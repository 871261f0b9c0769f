using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>A place between two batches: where the next one lies, and what it must look like. Root records keep one (FORMAT.md section 4.1).</summary>
/// <param name="Page">The page of the ring that it begins at.</param>
/// <param name="Sequence">Its sequence.</param>
/// <param name="PreviousChecksum">Checksum of the batch before it.</param>
public readonly record struct LogPosition(uint Page, ulong Sequence, uint PreviousChecksum)
{
    /// <summary>Bytes on disk.</summary>
    public const int SizeBytes = 16;

    /// <summary>Where the log of a new image begins.</summary>
    /// <param name="imageId">The first 8 bytes of the image's uuid.</param>
    public static LogPosition First(ulong imageId) => new(0, 1, (uint)imageId);

    /// <summary>Reads what <see cref="Encode"/> wrote. Whoever uses it checks it against the ring.</summary>
    public static LogPosition Decode(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(source),
        BinaryPrimitives.ReadUInt64LittleEndian(source[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[12..]));

    /// <summary>Writes the 16 bytes of FORMAT.md section 4.1.</summary>
    public void Encode(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Page);
        BinaryPrimitives.WriteUInt64LittleEndian(target[4..], Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], PreviousChecksum);
    }

    /// <summary>True if a log can begin here: the page lies in the ring, and the sequence is one that is given out.</summary>
    public bool FitsIn(LogRing ring) => Page < (uint)ring.PageCount && Sequence is > 0 and < ulong.MaxValue / 2;
}
