using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Reading from files.</content>
internal sealed partial class FileData
{
    private const int MaxAttempts = 3;

    /// <summary>Reads bytes of a file.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where from.</param>
    /// <param name="destination">Where to.</param>
    /// <returns>
    /// The bytes read, fewer than asked at the end of the file; and why not all: EIO if blocks cannot be read or are not what was written, EISDIR, EINVAL, ESTALE.
    /// </returns>
    [SkipLocalsInit]
    public IoResult Read(InodeNumber inode, ulong offsetBytes, Span<byte> destination)
    {
        Span<uint> checksums = stackalloc uint[ExtentItem.MaxWrittenBlocks];
        int done = 0;
        int attempt = 0;
        while (done < destination.Length)
        {
            Span<byte> rest = destination[done..];
            var query = new ReadQuery(Buffer, inode, offsetBytes + (ulong)done, rest, checksums);
            Errno error = _core.Query(ref query);
            if (error == Errno.None && query.LengthBytes == 0)
            {
                break;
            }

            int length = query.LengthBytes;
            if (error == Errno.None && !query.Range.Place.IsNone)
            {
                int skip = (int)((offsetBytes + (ulong)done) % BlockSizeBytes);
                error = ReadBlocks(query.Range.Place, skip, rest[..query.LengthBytes], checksums, out length);

                // Blocks that were freed and used again meanwhile are not what they were: look again where the bytes are now.
                if (error != Errno.None && ++attempt < MaxAttempts)
                {
                    continue;
                }

                if (error != Errno.None)
                {
                    _core.Damaged(inode);
                }
            }

            if (error != Errno.None)
            {
                return new IoResult(done, error);
            }

            attempt = 0;
            done += length;
        }

        return IoResult.Ok(done);
    }

    // A part of a run of blocks: whole blocks go straight to where the caller wants them, a block at an edge by way of the stack.
    private Errno ReadBlocks(BlockNumber place, int skipBytes, Span<byte> destination, ReadOnlySpan<uint> checksums, out int lengthBytes)
    {
        long offsetBytes = place.OffsetBytes(BlockSizeBytes);
        if (skipBytes == 0 && destination.Length >= BlockSizeBytes)
        {
            lengthBytes = destination.Length - (destination.Length % BlockSizeBytes);
            return ReadVerified(destination[..lengthBytes], offsetBytes, checksums);
        }

        lengthBytes = Math.Min(destination.Length, BlockSizeBytes - skipBytes);
        return ReadEdge(destination[..lengthBytes], skipBytes, offsetBytes, checksums);
    }

    [SkipLocalsInit]
    private Errno ReadEdge(Span<byte> destination, int skipBytes, long offsetBytes, ReadOnlySpan<uint> checksums)
    {
        Span<byte> block = stackalloc byte[BlockSizeBytes];
        Errno error = ReadVerified(block, offsetBytes, checksums);
        block.Slice(skipBytes, destination.Length).CopyTo(destination);
        return error;
    }

    private Errno ReadVerified(Span<byte> blocks, long offsetBytes, ReadOnlySpan<uint> checksums)
    {
        if (!IsRead(blocks, offsetBytes))
        {
            return Errno.EIO;
        }

        for (int index = 0; index * BlockSizeBytes < blocks.Length; index++)
        {
            if (Crc32C.Compute(blocks.Slice(index * BlockSizeBytes, BlockSizeBytes)) != checksums[index])
            {
                return Errno.EIO;
            }
        }

        return Errno.None;
    }

    // A damaged extent may lie anywhere.
    private bool IsRead(Span<byte> blocks, long offsetBytes) =>
        offsetBytes <= _device.SizeBytes - blocks.Length && _device.Read(blocks, offsetBytes) is { Succeeded: true } result && result.Bytes == blocks.Length;
}
