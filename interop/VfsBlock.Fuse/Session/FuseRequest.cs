using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>
/// One request of the kernel, from its arrival to its reply: who asks, and the means to answer later.
/// </summary>
/// <remarks>
/// Reused for the next request once answered, so a file system keeps a reference only between
/// <see cref="TryDefer"/> and <see cref="Complete(Errno)"/>. The properties may be read on any thread in that time;
/// <see cref="TryDefer"/> belongs to the serving thread, before the operation returns; Complete may run on any thread,
/// once.
/// </remarks>
public sealed unsafe class FuseRequest
{
    private readonly FuseSlot? _slot;
    private bool _isInterrupted;

    /// <summary>A request with no kernel behind it, for calling a file system directly. It cannot be deferred.</summary>
    public FuseRequest()
    {
    }

    internal FuseRequest(FuseSlot slot) => _slot = slot;

    /// <summary>The kernel's number for the request, without the mark of a resent one.</summary>
    public ulong Unique { get; internal set; }

    /// <summary>What is asked.</summary>
    public FuseOpcode Opcode { get; internal set; }

    /// <summary>The node it is asked of.</summary>
    public NodeId Node { get; internal set; }

    /// <summary>The caller's user id: the file system's own view where ids are mapped; 0 for RELEASE.</summary>
    public uint UserId { get; internal set; }

    /// <summary>The caller's group id.</summary>
    public uint GroupId { get; internal set; }

    /// <summary>The caller's thread id in the server's pid namespace; 0 if it has none there.</summary>
    public uint ProcessId { get; internal set; }

    /// <summary>True if an earlier server may have carried the request out already (NOTIFY_RESEND).</summary>
    public bool IsResent { get; internal set; }

    /// <summary>
    /// True once the caller got a signal. See <see cref="FuseFileSystem.Interrupted"/>. Can be true when the operation
    /// starts, and that method is then not called: an operation that wants to be cut short looks here after it deferred.
    /// </summary>
    public bool IsInterrupted
    {
        get => Volatile.Read(ref _isInterrupted);
        internal set => Volatile.Write(ref _isInterrupted, value);
    }

    /// <summary>
    /// The first byte of the request's data: what a WRITE brings (at a page boundary), an attribute's value, an ioctl's
    /// input. Valid until the request is answered.
    /// </summary>
    public nint DataAddress => Slot.DataAddress;

    /// <summary>Bytes at <see cref="DataAddress"/>.</summary>
    public int DataLengthBytes => Slot.DataLengthBytes;

    /// <summary>
    /// Where the bytes of the reply go: READ's data (at a page boundary), a listing, an attribute. Behind the reply's
    /// struct, if it has one. Valid until the request is answered.
    /// </summary>
    public nint ReplyAddress => Slot.BodyAddress + Slot.Room.FixedBytes;

    /// <summary>The most bytes that <see cref="ReplyAddress"/> takes: what the kernel asked for.</summary>
    public int ReplyCapacityBytes => Slot.Room.CountedBytes;

    private FuseSlot Slot => _slot ?? throw new InvalidOperationException("The request has no kernel behind it.");

    /// <summary>The request's argument struct, for an operation that goes on after it was deferred.</summary>
    /// <typeparam name="T">The struct of this operation: <see cref="FuseReadIn"/> for READ.</typeparam>
    /// <exception cref="InvalidOperationException">The request has no struct of that size.</exception>
    public ref readonly T Arguments<T>()
        where T : unmanaged
    {
        FuseSlot slot = Slot;
        if (sizeof(T) > slot.ArgumentLengthBytes)
        {
            throw new InvalidOperationException($"{Opcode} has no {typeof(T).Name}.");
        }

        return ref Unsafe.AsRef<T>((void*)slot.ArgumentAddress);
    }

    /// <summary>The reply's struct, for an operation that goes on after it was deferred.</summary>
    /// <typeparam name="T">The struct of this operation: <see cref="FuseWriteOut"/> for WRITE.</typeparam>
    /// <exception cref="InvalidOperationException">The reply has no struct of that size.</exception>
    public ref T Reply<T>()
        where T : unmanaged
    {
        FuseSlot slot = Slot;
        if (sizeof(T) > slot.Room.FixedBytes)
        {
            throw new InvalidOperationException($"The reply of {Opcode} has no {typeof(T).Name}.");
        }

        return ref Unsafe.AsRef<T>((void*)slot.BodyAddress);
    }

    /// <summary>
    /// Takes the request over: what the operation returns is ignored, and <see cref="Complete(Errno)"/> answers.
    /// </summary>
    /// <returns>
    /// False if this serving thread has as many requests deferred as it may
    /// (<see cref="FuseSessionOptions.DeferredPerThread"/>); the operation then does its work before it returns.
    /// </returns>
    /// <exception cref="InvalidOperationException">
    /// The call comes from another thread than the one that handles the request, or a second time.
    /// </exception>
    public bool TryDefer() => _slot?.Worker is { } worker && worker.TryDefer(_slot);

    /// <summary>Answers a deferred request that has no counted bytes: with its struct, if it has one, or an error.</summary>
    /// <param name="error">The answer.</param>
    /// <exception cref="InvalidOperationException">The request is not deferred, or was answered already.</exception>
    public void Complete(Errno error) => Complete(error, 0);

    /// <summary>Answers a deferred request.</summary>
    /// <param name="error">The answer.</param>
    /// <param name="byteCount">Bytes filled at <see cref="ReplyAddress"/>.</param>
    /// <exception cref="InvalidOperationException">The request is not deferred, or was answered already.</exception>
    public void Complete(Errno error, int byteCount)
    {
        FuseSlot slot = Slot;
        if (slot.Worker is not { } worker || !slot.TryComplete())
        {
            throw new InvalidOperationException($"The request {Unique} ({Opcode}) is not deferred, or was answered already.");
        }

        worker.Session.Answer(slot, error, byteCount);
        slot.Release();
    }

    /// <summary>Becomes the request that <paramref name="header"/> describes.</summary>
    internal void Begin(in FuseInHeader header)
    {
        Unique = header.Unique & ~FuseProtocol.ResentUniqueBit;
        IsResent = (header.Unique & FuseProtocol.ResentUniqueBit) != 0;
        Opcode = header.Opcode;
        Node = new NodeId(header.NodeId);
        UserId = header.Uid;
        GroupId = header.Gid;
        ProcessId = header.ProcessId;
        IsInterrupted = false;
    }
}
