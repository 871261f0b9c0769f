using Microsoft.Win32.SafeHandles;

namespace VfsBlock.Interop;

/// <summary>
/// Reads a whole file through mappings, one piece after another, without copying it.
/// </summary>
/// <remarks>
/// Each piece is read in before it is handed over, so a file that is cut short between pieces ends the reading in order.
/// Should another process be able to truncate the file while a piece is being looked at, read it with pread(2) or
/// <see cref="MemoryRegion.CopyTo"/> instead: a touch past the new end would end this process. Owns nothing between calls; any
/// thread may call it.
/// </remarks>
public static class MappedReader
{
    /// <summary>Bytes mapped at a time unless told: enough to make the mapping's cost vanish, too little to crowd memory.</summary>
    public const int DefaultChunkBytes = 8 << 20;

    /// <summary>Hands the file's bytes to <paramref name="reader"/> in order until the end of the file.</summary>
    /// <param name="file">A regular file or block device, open for reading. Its position is neither used nor moved.</param>
    /// <param name="state">Handed to <paramref name="reader"/>, so that it need not capture anything.</param>
    /// <param name="reader">Gets each piece; if it throws, the piece is unmapped and the exception passes through.</param>
    /// <param name="chunkBytes">Size of every piece but the last, 1 or more; need not be a multiple of anything.</param>
    /// <returns>
    /// The bytes in pieces that <paramref name="reader"/> answered with None, and the error that ended the reading: the reader's own,
    /// EFAULT if a piece could not be read in, or what mmap(2) answered. The end of the file is no error; it is where the file ends at that
    /// moment, so bytes appended meanwhile are read too.
    /// </returns>
    public static IoResult ReadAll<TState>(
        SafeFileHandle file, TState state, MappedChunkReader<TState> reader, int chunkBytes = DefaultChunkBytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunkBytes);
        long offsetBytes = 0;
        while (true)
        {
            Errno error = MappedFile.GetLength(file, out long fileBytes);
            if (error != Errno.None || fileBytes <= offsetBytes)
            {
                return new IoResult(offsetBytes, error);
            }

            int pieceBytes = (int)Math.Min(fileBytes - offsetBytes, chunkBytes);
            using MappedRegion? piece = MappedRegion.TryMapFile(
                file, offsetBytes, pieceBytes, MapAccess.ReadOnly, MapOptions.None, out error);
            if (error == Errno.ENXIO)
            {
                // The file was cut short since its length was read: look again.
                continue;
            }

            if (piece is not null)
            {
                error = piece.PopulateForReading(0, pieceBytes);
            }

            if (error == Errno.None)
            {
                error = reader(piece!.AsReadOnlySpan(0, pieceBytes), state);
            }

            if (error != Errno.None)
            {
                return new IoResult(offsetBytes, error);
            }

            offsetBytes += pieceBytes;
        }
    }
}
