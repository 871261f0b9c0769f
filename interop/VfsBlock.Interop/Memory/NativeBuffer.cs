using System.Runtime.InteropServices;

namespace VfsBlock.Interop;

/// <summary>
/// A block of native memory at a page boundary: what O_DIRECT, Linux AIO and the FUSE device want, and what the garbage
/// collector neither moves nor scans.
/// </summary>
/// <remarks>
/// Owns its memory and frees it once, on <see cref="Dispose"/> or by the finaliser, and never while the kernel holds it
/// (<see cref="Hold"/>). Any thread may read <see cref="Span"/>; disposing while another thread uses a span of it is the
/// caller's error. Takes no lock.
/// <para>
/// A span or an address does not keep the buffer alive. Once nothing refers to the object any more, the collector may free the memory while a
/// span of it is still in use, even inside the method that made the buffer: keep the object in a field, in a using statement, or alive by
/// <see cref="GC.KeepAlive"/> until after the last use.
/// </para>
/// </remarks>
public sealed unsafe class NativeBuffer : IDisposable
{
    private const int Freed = -1;

    private readonly int _length;
    private readonly nint _allocation;
    private nint _address;

    // How many requests in flight use the memory, or Freed.
    private int _holdCount;

    /// <summary>Allocates zeroed memory. Large blocks come from the kernel page by page as they are touched.</summary>
    /// <param name="lengthBytes">Its size in bytes, 1 or more.</param>
    /// <param name="alignmentBytes">A power of two that the address is a multiple of; a page unless told.</param>
    public NativeBuffer(int lengthBytes, int alignmentBytes = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        if (alignmentBytes <= 0 || !int.IsPow2(alignmentBytes))
        {
            throw new ArgumentOutOfRangeException(nameof(alignmentBytes), alignmentBytes, "not a power of two");
        }

        _length = lengthBytes;

        // Not AlignedAlloc and Clear: calloc leaves pages alone that the kernel gives out zeroed.
        _allocation = (nint)NativeMemory.AllocZeroed((nuint)lengthBytes + (nuint)alignmentBytes - 1);
        _address = (_allocation + alignmentBytes - 1) & -alignmentBytes;
    }

    /// <summary>Frees memory that nobody disposed; as long as the kernel holds it, the next collection tries again.</summary>
    ~NativeBuffer()
    {
        if (!TryFree())
        {
            GC.ReRegisterForFinalize(this);
        }
    }

    /// <summary>Size in bytes.</summary>
    public int Length => _length;

    /// <summary>The first byte's address; good only while the buffer is referenced and not disposed.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public nint Address
    {
        get
        {
            nint address = _address;
            ObjectDisposedException.ThrowIf(address == 0, this);
            return address;
        }
    }

    /// <summary>The whole buffer; good only while the buffer is referenced and not disposed.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Span<byte> Span => new((void*)Address, _length);

    /// <summary>Frees the memory; a second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">The kernel holds it: reap the requests that use it first.</exception>
    public void Dispose()
    {
        if (!TryFree())
        {
            throw new InvalidOperationException("the buffer belongs to a request in flight; reap the request, then dispose the buffer");
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Lends the memory to a request: until as many calls of <see cref="Release"/> nothing frees it.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    internal void Hold()
    {
        int count;
        do
        {
            count = Volatile.Read(ref _holdCount);
            ObjectDisposedException.ThrowIf(count == Freed, this);
        }
        while (Interlocked.CompareExchange(ref _holdCount, count + 1, count) != count);
    }

    /// <summary>Ends one <see cref="Hold"/>.</summary>
    internal void Release()
    {
        int count;
        do
        {
            count = Volatile.Read(ref _holdCount);
            if (count <= 0)
            {
                throw new InvalidOperationException("the buffer was released more often than held");
            }
        }
        while (Interlocked.CompareExchange(ref _holdCount, count - 1, count) != count);
    }

    // False if it is held; true if the memory is free now, or was before.
    private bool TryFree()
    {
        int count = Interlocked.CompareExchange(ref _holdCount, Freed, 0);
        if (count == 0)
        {
            NativeMemory.Free((void*)_allocation);
            _address = 0;
        }

        return count <= 0;
    }
}
