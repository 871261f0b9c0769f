namespace VfsBlock.Interop;

/// <summary>A part of a leased buffer: what one request reads into or writes from.</summary>
public readonly struct IoBufferSlice
{
    /// <summary>Part of a buffer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the buffer.</exception>
    public IoBufferSlice(IoBufferLease lease, int offsetBytes, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, lease.LengthBytes - offsetBytes);
        Lease = lease;
        OffsetBytes = offsetBytes;
        LengthBytes = lengthBytes;
    }

    /// <summary>The buffer.</summary>
    public IoBufferLease Lease { get; }

    /// <summary>Where the part begins in the buffer.</summary>
    public int OffsetBytes { get; }

    /// <summary>Size of the part in bytes.</summary>
    public int LengthBytes { get; }
}
