using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>
/// The memory of one request in flight: where the kernel's message lands, where the reply is built, and the state that
/// says who may touch them. Belongs to one <see cref="FuseWorker"/> for life and serves one request after another.
/// </summary>
/// <remarks>
/// <para>
/// Memory: the message starts so that the data of a WRITE, at byte 80 of it, lies at a page boundary; the reply's body
/// starts at a page boundary with the header right before it, so that one write(2) sends both. Pages that no request
/// touches are never backed.
/// </para>
/// <para>
/// Life of a request: the worker calls <see cref="Begin"/>; the request ends in <see cref="End"/> on the worker, or, once
/// deferred, in <see cref="TryComplete"/> and <see cref="Release"/> on any thread. Another thread that wants to look at a
/// request in flight pins it first; a pinned slot takes no new request.
/// </para>
/// </remarks>
internal sealed unsafe class FuseSlot : IDisposable
{
    private const int PageBytes = 4096;
    private const int WriteDataOffsetBytes = 80;

    private const int Idle = 0;
    private const int Running = 1;
    private const int Deferred = 2;
    private const int Completed = 3;

    private readonly NativeBuffer _message;
    private readonly NativeBuffer _reply;
    private int _state;
    private int _references;
    private ulong _unique;
    private bool _isRetired;

    /// <param name="worker">The worker that the slot belongs to; null in tests of the memory alone.</param>
    /// <param name="maxWriteBytes">The most data one message or reply carries.</param>
    public FuseSlot(FuseWorker? worker, int maxWriteBytes)
    {
        // At least the largest attribute value, whatever the data size; a page more for structs, names and record tails.
        int dataBytes = Math.Max(maxWriteBytes, Math.Max(FuseProtocol.MaxXattrBytes, FuseProtocol.DefaultMaxPages * PageBytes));
        Worker = worker;
        _message = new NativeBuffer(PageBytes + dataBytes + PageBytes);
        _reply = new NativeBuffer(PageBytes + dataBytes + PageBytes);
        MessageAddress = _message.Address + PageBytes - WriteDataOffsetBytes;
        MessageCapacityBytes = WriteDataOffsetBytes + dataBytes + PageBytes;
        BodyAddress = _reply.Address + PageBytes;
        BodyCapacityBytes = dataBytes + PageBytes;
        Request = new FuseRequest(this);
    }

    /// <summary>The worker that the slot belongs to.</summary>
    public FuseWorker? Worker { get; }

    /// <summary>The request as a file system sees it.</summary>
    public FuseRequest Request { get; }

    /// <summary>Where a message is to be put.</summary>
    public nint MessageAddress { get; }

    /// <summary>Room for a message, in bytes.</summary>
    public int MessageCapacityBytes { get; }

    /// <summary>Bytes of the message, its header included.</summary>
    public int MessageLengthBytes { get; set; }

    /// <summary>Where the reply's body is built.</summary>
    public nint BodyAddress { get; }

    /// <summary>Room for the reply's body, in bytes.</summary>
    public int BodyCapacityBytes { get; }

    /// <summary>What the reply of this operation may consist of.</summary>
    public FuseReplyRoom Room { get; private set; }

    /// <summary>Where the argument struct lies.</summary>
    public nint ArgumentAddress => MessageAddress + FuseProtocol.InHeaderBytes;

    /// <summary>Bytes at <see cref="ArgumentAddress"/>: the struct, and what follows it.</summary>
    public int ArgumentLengthBytes => MessageLengthBytes - FuseProtocol.InHeaderBytes;

    /// <summary>Where the request's data lie: to be written, an attribute's value, an ioctl's input.</summary>
    public nint DataAddress { get; private set; }

    /// <summary>Bytes at <see cref="DataAddress"/>.</summary>
    public int DataLengthBytes { get; private set; }

    /// <summary>The kernel's number for the request, mark of a resent one included: what the reply has to carry.</summary>
    public ulong Unique => Volatile.Read(ref _unique);

    /// <summary><see cref="Environment.TickCount64"/> when the request began.</summary>
    public long StartedAtMs { get; private set; }

    /// <summary>Finer than <see cref="StartedAtMs"/>; set only while a trace is written.</summary>
    public long TraceTimestamp { get; set; }

    /// <summary>Next free slot; belongs to <see cref="FuseSlotStack"/>.</summary>
    public FuseSlot? NextFree { get; set; }

    /// <summary>True from <see cref="Begin"/> until the last user let go.</summary>
    public bool IsInFlight => Volatile.Read(ref _references) != 0;

    /// <summary>Opens the request: from here on it can be found by its number, interrupted and watched.</summary>
    public void Begin(scoped in FuseRequestReader reader)
    {
        FuseInHeader header = reader.Header;
        ReadOnlySpan<byte> data = reader.Data;
        DataAddress = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(data));
        DataLengthBytes = data.Length;
        Room = default;
        Request.Begin(header);
        StartedAtMs = Environment.TickCount64;
        Volatile.Write(ref _state, Running);
        Volatile.Write(ref _unique, header.Unique);

        // A full fence: the search for requests that were interrupted before they began comes after this.
        Interlocked.Exchange(ref _references, 1);
    }

    /// <summary>Closes a request that was answered on the serving thread, and waits for those who look at it.</summary>
    public void End()
    {
        Volatile.Write(ref _state, Idle);
        if (Interlocked.Decrement(ref _references) == 0)
        {
            return;
        }

        var wait = new SpinWait();
        while (Volatile.Read(ref _references) != 0)
        {
            wait.SpinOnce();
        }
    }

    /// <summary>Marks the running request as one that is answered later.</summary>
    public void Defer()
    {
        if (Interlocked.CompareExchange(ref _state, Deferred, Running) != Running)
        {
            throw new InvalidOperationException("The request is not being handled, or was deferred already.");
        }
    }

    /// <summary>Takes the right to answer a deferred request.</summary>
    /// <returns>False if it is not deferred, or somebody has that right already.</returns>
    public bool TryComplete() => Interlocked.CompareExchange(ref _state, Completed, Deferred) == Deferred;

    /// <summary>Keeps the slot from ever taking another request: somebody may still believe that it is his.</summary>
    public void Retire() => _isRetired = true;

    /// <summary>Makes sure that the slot stays with the request <paramref name="unique"/> until <see cref="Release"/>.</summary>
    /// <returns>False if that request is not in this slot or was answered.</returns>
    public bool TryPin(ulong unique)
    {
        if (Volatile.Read(ref _unique) != unique)
        {
            return false;
        }

        int references = Volatile.Read(ref _references);
        while (references > 0)
        {
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                if (Volatile.Read(ref _unique) == unique && Volatile.Read(ref _state) is Running or Deferred)
                {
                    return true;
                }

                Release();
                return false;
            }

            references = seen;
        }

        return false;
    }

    /// <summary>Lets go of a pin, or of a deferred request that was answered; the last one gives the slot back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0 && Volatile.Read(ref _state) == Completed && !_isRetired)
        {
            Worker?.GiveBack(this);
        }
    }

    /// <summary>Makes the reply's body one struct, zeroed.</summary>
    public ref T Reply<T>()
        where T : unmanaged
    {
        ref T reply = ref Unsafe.AsRef<T>((void*)BodyAddress);
        reply = default;
        Room = new FuseReplyRoom(sizeof(T));
        return ref reply;
    }

    /// <summary>Makes the reply's body a number of bytes, behind the struct if it has one already.</summary>
    /// <param name="lengthBytes">The most bytes that the caller takes; what is beyond our own room is cut off.</param>
    public Span<byte> ReplyBytes(uint lengthBytes)
    {
        int fixedBytes = Room.FixedBytes;
        int countedBytes = (int)Math.Min(lengthBytes, (uint)(BodyCapacityBytes - fixedBytes));
        Room = new FuseReplyRoom(fixedBytes, countedBytes);
        return new Span<byte>((void*)(BodyAddress + fixedBytes), countedBytes);
    }

    /// <summary>Makes the reply's body the length of an attribute.</summary>
    public void ReplySize()
    {
        Reply<FuseGetXattrOut>();
        Room = Room with { IsSizeQuery = true };
    }

    /// <summary>Makes the reply's body a struct of which an older kernel takes fewer bytes.</summary>
    public void Shorten(int lengthBytes) => Room = new FuseReplyRoom(Math.Min(lengthBytes, Room.FixedBytes));

    /// <summary>Gives the memory up for good: whoever still has the request may write to it at any time.</summary>
    public void Abandon()
    {
        _message.Hold();
        _reply.Hold();
    }

    /// <summary>Frees the memory. Only for a slot that is not in flight.</summary>
    public void Dispose()
    {
        _message.Dispose();
        _reply.Dispose();
    }
}
