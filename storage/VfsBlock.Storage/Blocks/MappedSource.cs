using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Blocks through a read-only map that grows with the device and never moves. A page is touched only after the kernel populated it, so that a
/// bad sector or a file that was cut is an error here and not a signal. One bit a block says that this was done.
/// </summary>
/// <remarks>Owns the map and the bits. Blocks behind the map's reservation are read into buffers. Threads: <see cref="IBlockSource"/>.</remarks>
internal sealed unsafe class MappedSource : IBlockSource
{
    private const int WordBits = 64;

    private readonly PreadSource _behind;
    private readonly ImageLayout _layout;
    private readonly ReservedRegion _map;
    private readonly ReservedRegion _bits;
    private readonly ulong* _words;
    private readonly byte* _base;
    private readonly ulong _capacityBlocks;
    private long _advisedBytes;

    public MappedSource(IBlockDevice device, ImageLayout layout, ReservedRegion map)
    {
        _behind = new PreadSource(device, layout);
        _layout = layout;
        _map = map;
        _capacityBlocks = (ulong)(map.CapacityBytes / layout.BlockSizeBytes);
        long bitBytes = (long)((_capacityBlocks + WordBits - 1) / WordBits) * sizeof(ulong);
        _bits = ReservedRegion.Anonymous(bitBytes);
        Errno error = _bits.GrowTo(bitBytes);
        if (error != Errno.None)
        {
            Dispose();
            throw new ErrnoException(error, $"cannot reserve {bitBytes} bytes for the map's bits");
        }

        _words = (ulong*)_bits.Address;
        _base = (byte*)map.Address;
    }

    public nint Address => (nint)_base;

    public nint Locate(ulong block)
    {
        bool isThere = block < _capacityBlocks && (Volatile.Read(ref _words[block / WordBits]) >> (int)(block % WordBits) & 1) != 0;
        return isThere ? (nint)(_base + _layout.BytesOf(block)) : 0;
    }

    public nint ViewOf(ulong first, int blockCount) =>
        _layout.BytesOf(first + (ulong)blockCount) <= _map.LengthBytes ? (nint)(_base + _layout.BytesOf(first)) : 0;

    public Errno Load(ulong first, int blockCount, Span<byte> buffer)
    {
        if (!buffer.IsEmpty)
        {
            return _behind.Load(first, blockCount, buffer);
        }

        long offsetBytes = _layout.BytesOf(first);
        long lengthBytes = _layout.BytesOf((ulong)blockCount);
        AdviseNewPart();

        // One request to the device for the run; populating alone asks for each page and waits.
        _map.Advise(offsetBytes, lengthBytes, MemoryAdvice.WillNeed);
        Errno error = _map.PopulateForReading(offsetBytes, lengthBytes);
        return error == Errno.None ? Errno.None : Errno.EIO;
    }

    public void Remember(ulong first, int blockCount)
    {
        for (ulong block = first; block < first + (ulong)blockCount; block++)
        {
            _words[block / WordBits] |= 1UL << (int)(block % WordBits);
        }
    }

    public void Forget(ulong first, int blockCount)
    {
        ulong end = Math.Min(first + (ulong)blockCount, _capacityBlocks);
        for (ulong block = first; block < end; block++)
        {
            // A word without bits may lie in memory that was never touched; leave it so.
            if (_words[block / WordBits] != 0)
            {
                _words[block / WordBits] &= ~(1UL << (int)(block % WordBits));
            }
        }
    }

    public void Dispose()
    {
        _map.Dispose();
        _bits.Dispose();
    }

    // No read-ahead: it would bring pages in that a direct write is about to replace.
    private void AdviseNewPart()
    {
        long lengthBytes = _map.LengthBytes;
        if (lengthBytes > Volatile.Read(ref _advisedBytes))
        {
            _map.Advise(0, lengthBytes, MemoryAdvice.Random);
            Volatile.Write(ref _advisedBytes, lengthBytes);
        }
    }
}
