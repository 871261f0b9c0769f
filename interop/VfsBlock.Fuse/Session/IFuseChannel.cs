using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>
/// The way between one serving thread and the kernel: requests come in, replies and notifications go out. The device is
/// one such way, FUSE over io_uring is to be another: docs/decisions/0004-channel.md.
/// </summary>
/// <remarks>
/// <see cref="Receive"/> belongs to the serving thread that owns the channel. <see cref="Send"/> and
/// <see cref="Notify"/> may be called on any thread, several at once; a reply goes to the channel its request came from.
/// </remarks>
internal interface IFuseChannel : IDisposable
{
    /// <summary>Waits for a request and puts its header, argument struct and payload into <paramref name="slot"/>.</summary>
    /// <returns>
    /// None; EINTR, EAGAIN or ENOENT: ask again; EBADMSG: something came that cannot even be answered; ENODEV: unmounted;
    /// ECONNABORTED: the connection was aborted. Anything else is a defect of ours.
    /// </returns>
    Errno Receive(FuseSlot slot);

    /// <summary>Takes the request in <paramref name="slot"/> apart, as it lies there, and checks it.</summary>
    /// <returns>As <see cref="FuseRequestReader.Read(ReadOnlySpan{byte}, FuseDialect, out FuseRequestReader)"/>.</returns>
    Errno Read(FuseSlot slot, FuseDialect dialect, out FuseRequestReader reader);

    /// <summary>Answers the request in <paramref name="slot"/>.</summary>
    /// <param name="slot">The slot, with the reply's body filled in.</param>
    /// <param name="error">The answer; a body goes out only with None.</param>
    /// <param name="bodyLengthBytes">Bytes of the body.</param>
    /// <returns>None; ENOENT: nobody waits for this reply any more; EINVAL: the kernel found the reply malformed.</returns>
    Errno Send(FuseSlot slot, Errno error, int bodyLengthBytes);

    /// <summary>Sends a notification, complete with its out header.</summary>
    /// <returns>None, or the kernel's verdict: ENOENT where it holds nothing of the kind.</returns>
    Errno Notify(ReadOnlySpan<byte> message);
}
