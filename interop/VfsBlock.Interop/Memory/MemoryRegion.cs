using System.Runtime.CompilerServices;

namespace VfsBlock.Interop;

/// <summary>
/// A range of mapped memory: what <see cref="MappedRegion"/> and <see cref="ReservedRegion"/> have in common.
/// <list type="bullet">
/// <item>Copies (<see cref="CopyTo"/>, <see cref="CopyFrom"/>) are made by the kernel: bad pages are an error, never a signal.</item>
/// <item>Spans are the memory itself: the fastest access, with the caller answering for their lifetime.</item>
/// <item><see cref="View"/> and <see cref="Edit"/> lend a populated span for the length of a call.</item>
/// </list>
/// </summary>
/// <remarks>
/// Any thread may call any member at any time, <see cref="Dispose()"/> included: an operation holds a reference, so the memory
/// is unmapped after the last one that runs; every later one throws <see cref="ObjectDisposedException"/>. Takes no lock.
/// Nothing orders two copies of the same bytes: that is the caller's business, as with any memory.
/// </remarks>
public abstract partial class MemoryRegion : IDisposable
{
    private readonly MappingHandle _mapping;
    private readonly int _skewBytes;
    private volatile bool _isDisposed;

    /// <summary>Takes over a mapping.</summary>
    /// <param name="mapping">The mapped pages; disposed with this region.</param>
    /// <param name="skewBytes">How far into the first page the region begins.</param>
    /// <param name="fileOffsetBytes">Where in the file it begins, if it shares one.</param>
    /// <param name="isWritable">Whether its pages may be written.</param>
    /// <param name="isFileShared">Whether it shows a file that others see too.</param>
    private protected MemoryRegion(
        MappingHandle mapping, int skewBytes, long fileOffsetBytes, bool isWritable, bool isFileShared)
    {
        _mapping = mapping;
        _skewBytes = skewBytes;
        FileOffsetBytes = fileOffsetBytes;
        IsWritable = isWritable;
        IsFileShared = isFileShared;
    }

    /// <summary>Size in bytes. Offsets run from 0 to this.</summary>
    public abstract long LengthBytes { get; }

    /// <summary>Whether the memory may be written.</summary>
    public bool IsWritable { get; }

    /// <summary>Whether it shows a file that others see too: what <see cref="Flush"/> needs.</summary>
    public bool IsFileShared { get; }

    /// <summary>Where in the file the region begins, in bytes; 0 without a file.</summary>
    public long FileOffsetBytes { get; }

    /// <summary>The first byte's address, which never changes. Valid until the region is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The region was disposed.</exception>
    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _mapping.Address + _skewBytes;
        }
    }

    private protected MappingHandle Mapping => _mapping;

    /// <summary>
    /// The memory itself, for reading. The span must not be used after the region is disposed or collected, nor a page of it
    /// touched that the file no longer reaches: either ends the process. A page that is not resident is read from the disk
    /// while the garbage collector waits: populate first.
    /// </summary>
    /// <param name="offsetBytes">Where it begins.</param>
    /// <param name="lengthBytes">Its size; a longer range is seen through several windows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie inside the region.</exception>
    /// <exception cref="ObjectDisposedException">The region was disposed.</exception>
    public unsafe ReadOnlySpan<byte> AsReadOnlySpan(long offsetBytes, int lengthBytes)
    {
        CheckRange(offsetBytes, lengthBytes);
        return new ReadOnlySpan<byte>((byte*)Address + offsetBytes, lengthBytes);
    }

    /// <summary>The memory itself, for writing too; the rules of <see cref="AsReadOnlySpan"/> apply.</summary>
    /// <inheritdoc cref="AsReadOnlySpan"/>
    /// <exception cref="InvalidOperationException">The region is read-only.</exception>
    public unsafe Span<byte> AsSpan(long offsetBytes, int lengthBytes)
    {
        CheckRange(offsetBytes, lengthBytes);
        CheckWritable();
        return new Span<byte>((byte*)Address + offsetBytes, lengthBytes);
    }

    /// <summary>
    /// Ends the region. The memory goes when the last running operation lets go of it; a second call does nothing.
    /// Nothing is flushed: what a shared mapping wrote is in the kernel's cache and reaches the disk in its time.
    /// </summary>
    public void Dispose()
    {
        _isDisposed = true;
        _mapping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Compares by subtraction, because a sum of two large numbers wraps.</summary>
    private protected void CheckRange(
        long offsetBytes,
        long lengthBytes,
        [CallerArgumentExpression(nameof(offsetBytes))] string? offsetName = null,
        [CallerArgumentExpression(nameof(lengthBytes))] string? lengthName = null)
    {
        long regionBytes = LengthBytes;
        if ((ulong)offsetBytes > (ulong)regionBytes)
        {
            throw new ArgumentOutOfRangeException(offsetName, offsetBytes, $"not between 0 and the region's {regionBytes} bytes");
        }

        if ((ulong)lengthBytes > (ulong)(regionBytes - offsetBytes))
        {
            throw new ArgumentOutOfRangeException(
                lengthName, lengthBytes, $"not between 0 and the {regionBytes - offsetBytes} bytes that follow offset {offsetBytes}");
        }
    }

    private void CheckWritable()
    {
        if (!IsWritable)
        {
            throw new InvalidOperationException("the region is mapped read-only; map it ReadWrite or CopyOnWrite to change it");
        }
    }

    /// <summary>
    /// A reference that keeps the memory mapped until it is disposed. A disposed region gives none, though its memory may still
    /// be there for the sake of earlier holders: else callers that overlap could keep it for ever.
    /// </summary>
    private protected readonly ref struct Hold
    {
        private readonly MappingHandle _held;

        public Hold(MemoryRegion region)
        {
            ObjectDisposedException.ThrowIf(region._isDisposed, region);
            bool isHeld = false;
            region._mapping.DangerousAddRef(ref isHeld);
            _held = region._mapping;
        }

        public void Dispose() => _held.DangerousRelease();
    }
}
