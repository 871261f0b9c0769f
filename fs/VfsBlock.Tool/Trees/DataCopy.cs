using VfsBlock.Interop;

namespace VfsBlock.Tool;

/// <summary>Copies what is in files, hole by hole left out. Owns one buffer; one thread.</summary>
internal sealed class DataCopy(TransferReport report, Interruption interruption)
{
    private const int BufferBytes = 1 << 20;

    private readonly byte[] _buffer = new byte[BufferBytes];

    /// <summary>Writes a piece of data where it belongs.</summary>
    public delegate Errno Writer(long offsetBytes, ReadOnlySpan<byte> data);

    /// <summary>Copies all runs of data.</summary>
    /// <returns>What ended it early: the reading, or the writing.</returns>
    public (Errno ReadError, Errno WriteError) Copy(IEntryData data, Writer write)
    {
        Errno error;
        long offset = 0;
        while ((error = data.NextRun(offset, out offset, out long end)) == Errno.None)
        {
            while (offset < end)
            {
                interruption.ThrowIfRaised();

                // Up to a multiple of the buffer's size, so that what follows is aligned.
                int wanted = (int)Math.Min(BufferBytes - (offset % BufferBytes), end - offset);
                IoResult result = data.Read(offset, _buffer.AsSpan(0, wanted));
                if (result.Bytes == 0)
                {
                    // The file became shorter meanwhile, or cannot be read.
                    return (result.Error == Errno.None ? Errno.EIO : result.Error, Errno.None);
                }

                error = write(offset, _buffer.AsSpan(0, (int)result.Bytes));
                if (error != Errno.None)
                {
                    return (Errno.None, error);
                }

                offset += result.Bytes;
                report.ByteCount += result.Bytes;
            }
        }

        return (error == Errno.ENXIO ? Errno.None : error, Errno.None);
    }
}
