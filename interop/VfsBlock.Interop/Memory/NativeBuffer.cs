using System.Runtime.InteropServices;

namespace VfsBlock.Interop;

/// <summary>
/// A block of native memory at a page boundary: what O_DIRECT, Linux AIO and the FUSE device want, and what the garbage
/// collector neither moves nor scans.
/// </summary>
/// <remarks>
/// Owns its memory and frees it once, on <see cref="Dispose"/> or by the finaliser. Any thread may read
/// <see cref="Span"/>; disposing while another thread uses a span of it is the caller's error. Takes no lock.
/// </remarks>
public sealed unsafe class NativeBuffer : IDisposable
{
    private readonly int _length;
    private nint _address;

    /// <summary>Allocates zeroed memory.</summary>
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
        _address = (nint)NativeMemory.AlignedAlloc((nuint)lengthBytes, (nuint)alignmentBytes);
        NativeMemory.Clear((void*)_address, (nuint)lengthBytes);
    }

    /// <summary>Frees memory that nobody disposed.</summary>
    ~NativeBuffer() => Free();

    /// <summary>Size in bytes.</summary>
    public int Length => _length;

    /// <summary>The first byte's address.</summary>
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

    /// <summary>The whole buffer.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Span<byte> Span => new((void*)Address, _length);

    /// <summary>Frees the memory; a second call does nothing.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
        {
            NativeMemory.AlignedFree((void*)address);
        }
    }
}
