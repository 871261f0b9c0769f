namespace VfsBlock.Interop;

/// <summary>
/// The right to use one buffer of an <see cref="IoBufferPool"/>. Dispose returns it; every later use of this lease, or of
/// a copy, is an <see cref="ObjectDisposedException"/>, also when somebody else has the buffer by then.
/// </summary>
/// <remarks>
/// From submission until its request is reaped the buffer belongs to the request: it cannot be returned or changed, and
/// a buffer that is being filled cannot be read. Ask for the span each time; do not keep one across a submission, nor beyond
/// the lease: a span does not keep the pool's memory alive, the lease does. Any thread may use it; it takes no lock except
/// to return the buffer.
/// </remarks>
public readonly struct IoBufferLease : IDisposable, IEquatable<IoBufferLease>
{
    private readonly IoBufferPool? _pool;
    private readonly int _index;
    private readonly uint _generation;

    internal IoBufferLease(IoBufferPool pool, int index, uint generation)
    {
        _pool = pool;
        _index = index;
        _generation = generation;
    }

    /// <summary>Size of the buffer in bytes.</summary>
    public int LengthBytes => Pool.BufferLengthBytes;

    /// <summary>True from submission until the last request that uses the buffer was reaped.</summary>
    public bool IsInFlight => Pool.IsInFlight(_index, _generation);

    /// <summary>The buffer, to change it.</summary>
    /// <exception cref="InvalidOperationException">It is in flight.</exception>
    /// <exception cref="ObjectDisposedException">The lease was returned.</exception>
    public Span<byte> Span => Pool.Open(_index, _generation, forChange: true);

    /// <summary>The buffer, to look at it; allowed while requests write it to files.</summary>
    /// <exception cref="InvalidOperationException">A request in flight fills it.</exception>
    /// <exception cref="ObjectDisposedException">The lease was returned.</exception>
    public ReadOnlySpan<byte> ReadOnlySpan => Pool.Open(_index, _generation, forChange: false);

    private IoBufferPool Pool
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pool is null, typeof(IoBufferLease));
            return _pool;
        }
    }

    /// <summary>True if both are the same lease of the same buffer.</summary>
    public static bool operator ==(IoBufferLease left, IoBufferLease right) => left.Equals(right);

    /// <summary>True if they are different leases.</summary>
    public static bool operator !=(IoBufferLease left, IoBufferLease right) => !left.Equals(right);

    /// <summary>The whole buffer, for a request.</summary>
    public IoBufferSlice All() => new(this, 0, LengthBytes);

    /// <summary>A part of the buffer, for a request.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the buffer.</exception>
    public IoBufferSlice Slice(int offsetBytes, int lengthBytes) => new(this, offsetBytes, lengthBytes);

    /// <summary>Returns the buffer; a second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">It is in flight.</exception>
    public void Dispose() => _pool?.Return(_index, _generation);

    /// <inheritdoc/>
    public bool Equals(IoBufferLease other) =>
        ReferenceEquals(_pool, other._pool) && _index == other._index && _generation == other._generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IoBufferLease other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_pool, _index, _generation);

    internal nint Hold(bool forFill) => Pool.Hold(_index, _generation, forFill);

    internal void Release() => Pool.Release(_index, _generation);
}
