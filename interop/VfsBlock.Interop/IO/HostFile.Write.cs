namespace VfsBlock.Interop;

/// <content>Writes.</content>
public sealed partial class HostFile
{
    /// <summary>Writes at an offset by one system call. The descriptor's position stays where it is.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="offsetBytes">
    /// Where in the file, 0 or more; a negative one is EINVAL. Linux ignores it, and appends, on a file opened with
    /// <see cref="OpenFlags.Append"/>, unless the flags say <see cref="RwFlags.NoAppend"/>.
    /// </param>
    /// <param name="flags">What the call shall promise.</param>
    /// <returns>
    /// The bytes written, which may be fewer than given. EINTR is passed on. Other errors: pwritev2(2).
    /// </returns>
    public IoResult WriteAt(ReadOnlySpan<byte> data, long offsetBytes, RwFlags flags = RwFlags.None) =>
        offsetBytes < 0 ? IoResult.Fail(Errno.EINVAL) : WriteOnce(data, offsetBytes, flags);

    /// <inheritdoc cref="WriteAt(ReadOnlySpan{byte}, long, RwFlags)"/>
    /// <param name="data">The bytes, taken in order; more than 1024 pieces are EINVAL.</param>
    /// <param name="offsetBytes">Where in the file, 0 or more; a negative one is EINVAL.</param>
    /// <param name="flags">What the call shall promise.</param>
    public IoResult WriteAt(ReadOnlySpan<IoVec> data, long offsetBytes, RwFlags flags = RwFlags.None) =>
        offsetBytes < 0 ? IoResult.Fail(Errno.EINVAL) : WriteOnce(data, offsetBytes, flags);

    /// <summary>
    /// Writes all of the data at an offset, by as many system calls as it takes. On a file opened with
    /// <see cref="OpenFlags.Append"/> other writers may come between two of them; <see cref="RwFlags.Append"/> forbids two.
    /// </summary>
    /// <param name="data">The bytes.</param>
    /// <param name="offsetBytes">Where in the file, 0 or more; a negative one is EINVAL.</param>
    /// <param name="flags">
    /// What each call shall promise. With <see cref="RwFlags.Atomic"/>, <see cref="RwFlags.Append"/> or
    /// <see cref="RwFlags.NoWait"/> a single call is made: EINVAL, before anything is written, if more would be needed;
    /// EAGAIN (no wait) or EIO (the others), with the bytes it wrote, if it came back short.
    /// <see cref="RwFlags.DataSync"/> and <see cref="RwFlags.Sync"/> hold for a split write too: the bytes reported are
    /// durable, also when an error stopped it.
    /// </param>
    /// <returns>
    /// The bytes written, and the error that stopped it; fewer bytes than given always come with an error. A call that
    /// writes nothing and names no reason is EIO.
    /// </returns>
    public IoResult WriteAllAt(ReadOnlySpan<byte> data, long offsetBytes, RwFlags flags = RwFlags.None) =>
        offsetBytes < 0 ? IoResult.Fail(Errno.EINVAL) : WriteLoop(data, offsetBytes, flags);

    /// <inheritdoc cref="WriteAllAt(ReadOnlySpan{byte}, long, RwFlags)"/>
    /// <param name="data">The bytes, taken in order; any number of pieces, of any total size.</param>
    /// <param name="offsetBytes">Where in the file, 0 or more; a negative one is EINVAL.</param>
    /// <param name="flags">What each call shall promise.</param>
    public IoResult WriteAllAt(ReadOnlySpan<IoVec> data, long offsetBytes, RwFlags flags = RwFlags.None) =>
        offsetBytes < 0 ? IoResult.Fail(Errno.EINVAL) : WriteLoop(data, offsetBytes, flags);

    /// <summary>Writes at the descriptor's own position, and moves it, by one system call.</summary>
    /// <inheritdoc cref="WriteAt(ReadOnlySpan{byte}, long, RwFlags)"/>
    public IoResult WriteNext(ReadOnlySpan<byte> data, RwFlags flags = RwFlags.None) =>
        WriteOnce(data, TransferLoop.OwnPosition, flags);

    /// <inheritdoc cref="WriteNext(ReadOnlySpan{byte}, RwFlags)"/>
    /// <param name="data">The bytes, taken in order; more than 1024 pieces are EINVAL.</param>
    /// <param name="flags">What the call shall promise.</param>
    public IoResult WriteNext(ReadOnlySpan<IoVec> data, RwFlags flags = RwFlags.None) =>
        WriteOnce(data, TransferLoop.OwnPosition, flags);

    /// <summary>Writes all of the data at the descriptor's own position, and moves it.</summary>
    /// <inheritdoc cref="WriteAllAt(ReadOnlySpan{byte}, long, RwFlags)"/>
    public IoResult WriteAllNext(ReadOnlySpan<byte> data, RwFlags flags = RwFlags.None) =>
        WriteLoop(data, TransferLoop.OwnPosition, flags);

    /// <inheritdoc cref="WriteAllNext(ReadOnlySpan{byte}, RwFlags)"/>
    /// <param name="data">The bytes, taken in order; any number of pieces, of any total size.</param>
    /// <param name="flags">What each call shall promise.</param>
    public IoResult WriteAllNext(ReadOnlySpan<IoVec> data, RwFlags flags = RwFlags.None) =>
        WriteLoop(data, TransferLoop.OwnPosition, flags);

    internal unsafe IoResult WriteOnce(ReadOnlySpan<byte> data, long offsetBytes, RwFlags flags)
    {
        fixed (byte* address = data)
        {
            var vector = new IoVec((nint)address, (nuint)data.Length);
            return WriteOnce(new ReadOnlySpan<IoVec>(in vector), offsetBytes, flags);
        }
    }

    internal unsafe IoResult WriteLoop(ReadOnlySpan<byte> data, long offsetBytes, RwFlags flags)
    {
        fixed (byte* address = data)
        {
            var vector = new IoVec((nint)address, (nuint)data.Length);
            return WriteLoop(new ReadOnlySpan<IoVec>(in vector), offsetBytes, flags);
        }
    }

    internal IoResult WriteOnce(ReadOnlySpan<IoVec> data, long offsetBytes, RwFlags flags)
    {
        using DescriptorLease lease = Lease();
        return IoResult.FromKernel(new SystemWrite(lease.Descriptor).Call(data, offsetBytes, flags));
    }

    internal IoResult WriteLoop(ReadOnlySpan<IoVec> data, long offsetBytes, RwFlags flags)
    {
        using DescriptorLease lease = Lease();
        return TransferLoop.Run(new SystemWrite(lease.Descriptor), data, offsetBytes, flags);
    }
}
