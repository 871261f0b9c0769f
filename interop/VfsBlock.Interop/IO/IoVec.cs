using System.Runtime.InteropServices;

namespace VfsBlock.Interop;

/// <summary>
/// One piece of memory for a vectored transfer: <c>struct iovec</c> of readv(2). It borrows the memory: whoever makes
/// one keeps the memory alive and in place until the transfer is over.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct IoVec
{
    /// <summary>The first byte's address (<c>iov_base</c>).</summary>
    public readonly nint Address;

    /// <summary>Size in bytes (<c>iov_len</c>).</summary>
    public readonly nuint LengthBytes;

    /// <summary>A piece of raw memory.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="lengthBytes">Size in bytes; 0 is allowed, more than <see cref="long.MaxValue"/> is refused when used.</param>
    public IoVec(nint address, nuint lengthBytes)
    {
        Address = address;
        LengthBytes = lengthBytes;
    }

    /// <summary>A whole native buffer.</summary>
    public IoVec(NativeBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Address = buffer.Address;
        LengthBytes = (nuint)buffer.Length;
    }

    /// <summary>A part of a native buffer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the buffer.</exception>
    public IoVec(NativeBuffer buffer, int offsetBytes, int lengthBytes)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, buffer.Length - offsetBytes);
        Address = buffer.Address + offsetBytes;
        LengthBytes = (nuint)lengthBytes;
    }
}
