namespace VfsBlock.Interop;

/// <content>Reads.</content>
public sealed partial class HostFile
{
    /// <summary>Reads at an offset by one system call. The descriptor's position stays where it is.</summary>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="offsetBytes">Where in the file, 0 or more; a negative one is EINVAL.</param>
    /// <param name="flags">What the call shall promise.</param>
    /// <returns>
    /// The bytes read, which may be fewer than asked for; 0 without an error is the end of the file. EINTR is passed on.
    /// Other errors: preadv2(2).
    /// </returns>
    public IoResult ReadAt(Span<byte> buffer, long offsetBytes, RwFlags flags = RwFlags.None) =>
        offsetBytes < 0 ? IoResult.Fail(Errno.EINVAL) : ReadOnce(buffer, offsetBytes, flags);

    /// <inheritdoc cref="ReadAt(Span{byte}, long, RwFlags)"/>
    /// <param name="buffers">Where the bytes go, filled in order; more than 1024 is EINVAL.</param>
    /// <param name="offsetBytes">Where in the file, 0 or more; a negative one is EINVAL.</param>
    /// <param name="flags">What the call shall promise.</param>
    public IoResult ReadAt(ReadOnlySpan<IoVec> buffers, long offsetBytes, RwFlags flags = RwFlags.None) =>
        offsetBytes < 0 ? IoResult.Fail(Errno.EINVAL) : ReadOnce(buffers, offsetBytes, flags);

    /// <summary>Reads at an offset until the buffer is full or the file ends, by as many system calls as it takes.</summary>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="offsetBytes">Where in the file, 0 or more; a negative one is EINVAL.</param>
    /// <param name="flags">
    /// What each call shall promise. With <see cref="RwFlags.NoWait"/> or <see cref="RwFlags.Atomic"/> a single call is
    /// made: EINVAL, before it is made, if more would be needed; EAGAIN (no wait) or EIO (atomic), with the bytes it
    /// read, if it came back short. NoWait cannot tell the file's end from what is not cached: ask for the rest without.
    /// </param>
    /// <returns>The bytes read, and the error that stopped it if one did. A short count without an error is the end.</returns>
    public IoResult ReadExactlyAt(Span<byte> buffer, long offsetBytes, RwFlags flags = RwFlags.None) =>
        offsetBytes < 0 ? IoResult.Fail(Errno.EINVAL) : ReadLoop(buffer, offsetBytes, flags);

    /// <inheritdoc cref="ReadExactlyAt(Span{byte}, long, RwFlags)"/>
    /// <param name="buffers">Where the bytes go, filled in order; any number, of any total size.</param>
    /// <param name="offsetBytes">Where in the file, 0 or more; a negative one is EINVAL.</param>
    /// <param name="flags">What each call shall promise.</param>
    public IoResult ReadExactlyAt(ReadOnlySpan<IoVec> buffers, long offsetBytes, RwFlags flags = RwFlags.None) =>
        offsetBytes < 0 ? IoResult.Fail(Errno.EINVAL) : ReadLoop(buffers, offsetBytes, flags);

    /// <summary>Reads at the descriptor's own position, and moves it, by one system call.</summary>
    /// <inheritdoc cref="ReadAt(Span{byte}, long, RwFlags)"/>
    public IoResult ReadNext(Span<byte> buffer, RwFlags flags = RwFlags.None) =>
        ReadOnce(buffer, TransferLoop.OwnPosition, flags);

    /// <inheritdoc cref="ReadNext(Span{byte}, RwFlags)"/>
    /// <param name="buffers">Where the bytes go, filled in order; more than 1024 is EINVAL.</param>
    /// <param name="flags">What the call shall promise.</param>
    public IoResult ReadNext(ReadOnlySpan<IoVec> buffers, RwFlags flags = RwFlags.None) =>
        ReadOnce(buffers, TransferLoop.OwnPosition, flags);

    /// <summary>Reads at the descriptor's own position, and moves it, until the buffer is full or the file ends.</summary>
    /// <inheritdoc cref="ReadExactlyAt(Span{byte}, long, RwFlags)"/>
    public IoResult ReadExactlyNext(Span<byte> buffer, RwFlags flags = RwFlags.None) =>
        ReadLoop(buffer, TransferLoop.OwnPosition, flags);

    /// <inheritdoc cref="ReadExactlyNext(Span{byte}, RwFlags)"/>
    /// <param name="buffers">Where the bytes go, filled in order; any number, of any total size.</param>
    /// <param name="flags">What each call shall promise.</param>
    public IoResult ReadExactlyNext(ReadOnlySpan<IoVec> buffers, RwFlags flags = RwFlags.None) =>
        ReadLoop(buffers, TransferLoop.OwnPosition, flags);

    internal unsafe IoResult ReadOnce(Span<byte> buffer, long offsetBytes, RwFlags flags)
    {
        fixed (byte* address = buffer)
        {
            var vector = new IoVec((nint)address, (nuint)buffer.Length);
            return ReadOnce(new ReadOnlySpan<IoVec>(in vector), offsetBytes, flags);
        }
    }

    internal unsafe IoResult ReadLoop(Span<byte> buffer, long offsetBytes, RwFlags flags)
    {
        fixed (byte* address = buffer)
        {
            var vector = new IoVec((nint)address, (nuint)buffer.Length);
            return ReadLoop(new ReadOnlySpan<IoVec>(in vector), offsetBytes, flags);
        }
    }

    internal IoResult ReadOnce(ReadOnlySpan<IoVec> buffers, long offsetBytes, RwFlags flags)
    {
        using DescriptorLease lease = Lease();
        return IoResult.FromKernel(new SystemRead(lease.Descriptor).Call(buffers, offsetBytes, flags));
    }

    internal IoResult ReadLoop(ReadOnlySpan<IoVec> buffers, long offsetBytes, RwFlags flags)
    {
        using DescriptorLease lease = Lease();
        return TransferLoop.Run(new SystemRead(lease.Descriptor), buffers, offsetBytes, flags);
    }
}
