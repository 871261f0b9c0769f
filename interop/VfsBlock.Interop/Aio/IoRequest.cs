using Microsoft.Win32.SafeHandles;

namespace VfsBlock.Interop;

/// <summary>
/// One piece of work for an <see cref="IIoQueue"/>. A plain value: nothing happens before it is submitted, and the queue
/// keeps file and buffers itself from then on until it was reaped.
/// </summary>
/// <remarks>
/// The tag is the caller's own and comes back in the <see cref="IoCompletion"/>. Offsets are in bytes from the start of
/// the file; a negative one ends the request with EINVAL. Requests in flight are not ordered among each other: a sync
/// covers the writes that were reaped before it was submitted, and no other.
/// </remarks>
public readonly struct IoRequest
{
    private readonly IoBufferSlice _buffer;
    private readonly ReadOnlyMemory<IoBufferSlice> _buffers;

    private IoRequest(IoOperation operation, SafeFileHandle file, IoBufferSlice buffer, ReadOnlyMemory<IoBufferSlice> buffers, long offsetBytes, ulong tag, RwFlags flags)
    {
        ArgumentNullException.ThrowIfNull(file);
        Operation = operation;
        File = file;
        _buffer = buffer;
        _buffers = buffers;
        OffsetBytes = offsetBytes;
        Tag = tag;
        Flags = flags;
    }

    /// <summary>What to do.</summary>
    public IoOperation Operation { get; }

    /// <summary>The file; the queue keeps its descriptor open until the request was reaped.</summary>
    public SafeFileHandle File { get; }

    /// <summary>Where in the file, in bytes.</summary>
    public long OffsetBytes { get; }

    /// <summary>The caller's own value.</summary>
    public ulong Tag { get; }

    /// <summary>
    /// Flags of the transfer. One that the file refuses ends the request with EOPNOTSUPP. With NoWait, Append or Atomic a
    /// short transfer is reported as it is: what they promise holds for one call and not for a continuation.
    /// </summary>
    public RwFlags Flags { get; }

    /// <summary>How many pieces of memory the request has.</summary>
    internal int BufferCount => Operation is not (IoOperation.Read or IoOperation.Write) ? 0 : _buffers.IsEmpty ? 1 : _buffers.Length;

    /// <summary>Fills one buffer from the file.</summary>
    public static IoRequest Read(SafeFileHandle file, IoBufferSlice buffer, long offsetBytes, ulong tag, RwFlags flags = RwFlags.None) =>
        new(IoOperation.Read, file, buffer, default, offsetBytes, tag, flags);

    /// <summary>Writes one buffer to the file.</summary>
    public static IoRequest Write(SafeFileHandle file, IoBufferSlice buffer, long offsetBytes, ulong tag, RwFlags flags = RwFlags.None) =>
        new(IoOperation.Write, file, buffer, default, offsetBytes, tag, flags);

    /// <summary>Fills several buffers, one after the other, from one range of the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="buffers">One or more; copied at submission, so the caller may use the array again then.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="tag">The caller's own value.</param>
    /// <param name="flags">Flags of the transfer.</param>
    public static IoRequest ReadVectored(SafeFileHandle file, ReadOnlyMemory<IoBufferSlice> buffers, long offsetBytes, ulong tag, RwFlags flags = RwFlags.None) =>
        new(IoOperation.Read, file, default, NotEmpty(buffers), offsetBytes, tag, flags);

    /// <summary>Writes several buffers, one after the other, to one range of the file.</summary>
    /// <inheritdoc cref="ReadVectored"/>
    public static IoRequest WriteVectored(SafeFileHandle file, ReadOnlyMemory<IoBufferSlice> buffers, long offsetBytes, ulong tag, RwFlags flags = RwFlags.None) =>
        new(IoOperation.Write, file, default, NotEmpty(buffers), offsetBytes, tag, flags);

    /// <summary>fsync(2), for the writes reaped before.</summary>
    public static IoRequest Sync(SafeFileHandle file, ulong tag) =>
        new(IoOperation.Sync, file, default, default, 0, tag, RwFlags.None);

    /// <summary>fdatasync(2), for the writes reaped before.</summary>
    public static IoRequest DataSync(SafeFileHandle file, ulong tag) =>
        new(IoOperation.DataSync, file, default, default, 0, tag, RwFlags.None);

    /// <summary>The piece of memory at <paramref name="index"/>, 0 to <see cref="BufferCount"/> - 1.</summary>
    internal IoBufferSlice Buffer(int index) => _buffers.IsEmpty ? _buffer : _buffers.Span[index];

    private static ReadOnlyMemory<IoBufferSlice> NotEmpty(ReadOnlyMemory<IoBufferSlice> buffers) =>
        buffers.IsEmpty ? throw new ArgumentException("a vectored request needs at least one buffer", nameof(buffers)) : buffers;
}
