namespace VfsBlock.Interop;

/// <summary>
/// How far a transfer has come through a list of <see cref="IoVec"/>, and which of them the next system call gets. The
/// caller's list stays untouched: the rest of a piece that was done in part goes into a call of its own.
/// </summary>
internal ref struct IoVecCursor
{
    /// <summary>UIO_MAXIOV: the kernel refuses a call with more pieces.</summary>
    public const int MaxVectorsPerCall = 1024;

    private readonly ReadOnlySpan<IoVec> _vectors;
    private int _index;
    private nuint _doneInFirstBytes;
    private IoVec _remainder;

    public IoVecCursor(ReadOnlySpan<IoVec> vectors) => _vectors = vectors;

    /// <summary>Adds up a list.</summary>
    /// <returns>False if a piece or the sum exceeds <see cref="long.MaxValue"/>.</returns>
    public static bool TrySum(ReadOnlySpan<IoVec> vectors, out long totalBytes)
    {
        totalBytes = 0;
        foreach (ref readonly IoVec vector in vectors)
        {
            if (vector.LengthBytes > (nuint)(long.MaxValue - totalBytes))
            {
                return false;
            }

            totalBytes += (long)vector.LengthBytes;
        }

        return true;
    }

    /// <summary>
    /// The next call's pieces: never empty of bytes while bytes remain, so a call that moves nothing means something.
    /// </summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<IoVec> Next()
    {
        if (_doneInFirstBytes != 0)
        {
            IoVec first = _vectors[_index];
            _remainder = new IoVec(first.Address + (nint)_doneInFirstBytes, first.LengthBytes - _doneInFirstBytes);
            return new ReadOnlySpan<IoVec>(in _remainder);
        }

        while (_index < _vectors.Length && _vectors[_index].LengthBytes == 0)
        {
            _index++;
        }

        return _vectors.Slice(_index, Math.Min(_vectors.Length - _index, MaxVectorsPerCall));
    }

    /// <summary>Notes that the last call moved this many bytes, no more than its pieces held.</summary>
    public void Advance(long bytes)
    {
        nuint left = (nuint)bytes;
        while (left != 0)
        {
            nuint rest = _vectors[_index].LengthBytes - _doneInFirstBytes;
            if (left < rest)
            {
                _doneInFirstBytes += left;
                return;
            }

            left -= rest;
            _doneInFirstBytes = 0;
            _index++;
        }
    }
}
