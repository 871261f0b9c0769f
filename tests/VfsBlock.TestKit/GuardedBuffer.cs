using Mono.Unix.Native;
using Xunit;

namespace VfsBlock.TestKit;

/// <summary>
/// Memory that ends at a page which may not be touched: one byte read or written too far takes the process down,
/// instead of passing unseen.
/// </summary>
public sealed unsafe class GuardedBuffer : IDisposable
{
    private readonly int _lengthBytes;
    private readonly ulong _mappedBytes;
    private nint _address;

    /// <summary>Maps zeroed memory.</summary>
    /// <param name="lengthBytes">The most that <see cref="Tail"/> can give.</param>
    public GuardedBuffer(int lengthBytes)
    {
        ulong pageBytes = (ulong)Environment.SystemPageSize;
        ulong usableBytes = ((ulong)lengthBytes + pageBytes - 1) / pageBytes * pageBytes;
        _lengthBytes = (int)usableBytes;
        _mappedBytes = usableBytes + pageBytes;
        _address = Syscall.mmap(
            0, _mappedBytes, MmapProts.PROT_READ | MmapProts.PROT_WRITE, MmapFlags.MAP_PRIVATE | MmapFlags.MAP_ANONYMOUS, -1, 0);
        Assert.NotEqual(Syscall.MAP_FAILED, _address);
        Assert.Equal(0, Syscall.mprotect(_address + (nint)usableBytes, pageBytes, MmapProts.PROT_NONE));
    }

    /// <summary>The last <paramref name="lengthBytes"/> bytes before the forbidden page.</summary>
    public Span<byte> Tail(int lengthBytes)
    {
        ObjectDisposedException.ThrowIf(_address == 0, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, _lengthBytes);
        return new Span<byte>((void*)_address, _lengthBytes)[^lengthBytes..];
    }

    /// <summary>Copies bytes right before the forbidden page.</summary>
    public Span<byte> Place(ReadOnlySpan<byte> bytes)
    {
        Span<byte> tail = Tail(bytes.Length);
        bytes.CopyTo(tail);
        return tail;
    }

    public void Dispose()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
        {
            Assert.Equal(0, Syscall.munmap(address, _mappedBytes));
        }
    }
}
