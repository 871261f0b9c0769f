using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>One write in a <see cref="DeferredQueue"/>: a place that is used again and again. It holds its buffers from fill to release.</summary>
/// <remarks>Belongs to one thread at a time; the queue's lists hand it over under their lock.</remarks>
internal sealed class DeferredWrite(int bufferLimit)
{
    private readonly IoVec[] _pieces = new IoVec[bufferLimit];
    private readonly IoBufferLease[] _leases = new IoBufferLease[bufferLimit];
    private int _heldCount;

    /// <summary>Where it goes, in bytes.</summary>
    public long OffsetBytes { get; private set; }

    /// <summary>The submitter's own value.</summary>
    public ulong Tag { get; private set; }

    /// <summary>The memory, which nobody changes while it is held.</summary>
    public ReadOnlySpan<IoVec> Pieces => _pieces.AsSpan(0, _heldCount);

    /// <summary>Takes a write over, with its buffers.</summary>
    /// <exception cref="InvalidOperationException">A buffer is being filled by another request. Nothing is held.</exception>
    /// <exception cref="ObjectDisposedException">A lease was returned. Nothing is held.</exception>
    public void Fill(ReadOnlySpan<IoBufferSlice> pieces, long offsetBytes, ulong tag)
    {
        OffsetBytes = offsetBytes;
        Tag = tag;
        try
        {
            foreach (IoBufferSlice piece in pieces)
            {
                nint address = piece.Lease.Hold(forFill: false);
                _leases[_heldCount] = piece.Lease;
                _pieces[_heldCount++] = new IoVec(address + piece.OffsetBytes, (nuint)piece.LengthBytes);
            }
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Gives the buffers back.</summary>
    public void Release()
    {
        while (_heldCount > 0)
        {
            _leases[--_heldCount].Release();
            _leases[_heldCount] = default;
        }
    }
}
