namespace VfsBlock.Interop;

/// <summary>
/// An <see cref="IIoQueue"/> on Linux AIO. Truly in the background only for O_DIRECT on space that is allocated already;
/// for anything else io_submit(2) does the work before it returns, on the submitting thread.
/// </summary>
/// <remarks>
/// Owns the AIO context. The depth is the queue's own: the kernel's ring may be larger or smaller. What the kernel will
/// not take for now (EAGAIN) waits in a list, under a lock of its own, until events were reaped. A request is known by
/// its slot and generation, never by an address that the kernel returns. A queue left to the finaliser destroys its
/// context first, which waits for the kernel to let go, and only then gives the buffers back.
/// </remarks>
public sealed unsafe class AioQueue : IoQueue
{
    private const int BatchSize = 64;

    // How often the kernel may say EAGAIN with nothing of ours in it before the request takes the blame.
    private const int IdleRefusalLimit = 100;

    private readonly Lock _backlogGate = new();
    private readonly AioContext _context;
    private readonly NativeBuffer _blocks;
    private IoSlotList _backlog;
    private int _inKernelCount;

    private AioQueue(AioContext context, int depth, int bufferLimit)
        : base(depth, bufferLimit)
    {
        _context = context;
        _blocks = new NativeBuffer(depth * sizeof(AioRequestBlock));
    }

    /// <summary>Ends what is in flight, then gives its memory back.</summary>
    ~AioQueue()
    {
        // Null if the constructor failed. The context's own finaliser may have run before: then this waits for nothing.
        if (_context is not null)
        {
            _context.Dispose();
            ReleaseAll();
        }
    }

    /// <summary>Makes a queue.</summary>
    /// <param name="depth">Requests in flight at once, 1 to <see cref="IoQueue.MaxDepth"/>.</param>
    /// <param name="queue">The queue if there was no error, else null.</param>
    /// <param name="bufferLimit">Pieces of memory a vectored request may have, 1 to <see cref="IoQueue.MaxBufferLimit"/>.</param>
    /// <param name="ringDepth">Depth to ask the kernel for; <paramref name="depth"/> unless told. It counts against fs.aio-max-nr.</param>
    /// <returns>EAGAIN: over the machine's budget, /proc/sys/fs/aio-max-nr. ENOSYS, EPERM: no AIO here. Use a <see cref="ThreadQueue"/> then.</returns>
    public static Errno TryCreate(int depth, out AioQueue? queue, int bufferLimit = 64, int? ringDepth = null)
    {
        queue = null;
        Errno error = AioContext.TryCreate(ringDepth ?? depth, out AioContext? context);
        try
        {
            if (context is not null)
            {
                queue = new AioQueue(context, depth, bufferLimit);
                context = null;
            }
        }
        finally
        {
            context?.Dispose();
        }

        return error;
    }

    /// <summary>Requests that the kernel had no room for yet.</summary>
    internal int BacklogCount
    {
        get
        {
            lock (_backlogGate)
            {
                return _backlog.Count;
            }
        }
    }

    private protected override void Start(IoSlotList batch) => Push(batch, isReaper: false);

    private protected override void Collect()
    {
        Span<AioEvent> events = stackalloc AioEvent[BatchSize];
        IoSlotList unfinished = default;
        int count;
        do
        {
            count = _context.Reap(0, events, TimeSpan.Zero, out Errno error);
            if (error is not (Errno.None or Errno.EINTR))
            {
                throw new InvalidOperationException($"cannot reap AIO events: {ErrnoText.Describe(error)}");
            }

            foreach (AioEvent done in events[..count])
            {
                IoSlot slot = Find(done.Data);
                slot.IsInKernel = false;
                Interlocked.Decrement(ref _inKernelCount);
                if (slot.Advance(done.Result))
                {
                    unfinished.Append(slot);
                }
                else
                {
                    Finish(slot, isReaper: true);
                }
            }
        }
        while (count == events.Length);

        TakeBacklog(ref unfinished);
        Push(unfinished, isReaper: true);
    }

    private protected override void Stop()
    {
        _context.Dispose();
        _blocks.Dispose();
    }

    // Hands requests to the kernel until it has them all, or will take no more before events are reaped.
    private void Push(IoSlotList batch, bool isReaper)
    {
        int idleRefusalCount = 0;
        while (batch.Count > 0)
        {
            bool isFull = !PushSome(ref batch, isReaper);
            if (!isFull && batch.Count > 0)
            {
                continue;
            }

            if (isFull)
            {
                lock (_backlogGate)
                {
                    _backlog.Append(ref batch);
                }
            }

            // The event of a request in the kernel brings the reaper here with the backlog. With none in it nobody would
            // come: then it is for this thread to go on. The lock orders this look after the reaper's. It is due after a
            // batch that went through too: while that was counted, another thread may have left its own to the reaper,
            // and if the kernel then refused all of it for good, no event comes.
            if (Volatile.Read(ref _inKernelCount) > 0)
            {
                return;
            }

            TakeBacklog(ref batch);
            if (isFull && ++idleRefusalCount >= IdleRefusalLimit && batch.TryTake(out IoSlot? slot))
            {
                slot.Fail(Errno.EAGAIN);
                Finish(slot, isReaper);
            }
        }
    }

    // One io_submit. A request that the kernel refuses for good fails alone; false if it refused one for now.
    private bool PushSome(ref IoSlotList batch, bool isReaper)
    {
        Span<nint> blocks = stackalloc nint[BatchSize];
        Span<uint> indexes = stackalloc uint[BatchSize];
        int count = 0;
        while (count < BatchSize && batch.TryTake(out IoSlot? slot))
        {
            slot.IsInKernel = true;
            indexes[count] = IoSlot.IndexOf(slot.Identity);
            blocks[count++] = (nint)Describe(slot);
        }

        // Counted before: the events of those that go in may be reaped before the call is back. From here on only
        // those that the kernel did not take are ours to touch.
        Interlocked.Add(ref _inKernelCount, count);
        int accepted = _context.Submit(blocks[..count], out Errno error);
        Interlocked.Add(ref _inKernelCount, accepted - count);
        for (int position = accepted; position < count; position++)
        {
            IoSlot slot = SlotAt(indexes[position]);
            slot.IsInKernel = false;
            if (position == 0 && error is not (Errno.None or Errno.EINTR or Errno.EAGAIN))
            {
                slot.Fail(error);
                Finish(slot, isReaper);
            }
            else
            {
                batch.Append(slot);
            }
        }

        return error != Errno.EAGAIN;
    }

    private AioRequestBlock* Describe(IoSlot slot)
    {
        AioRequestBlock* block = (AioRequestBlock*)_blocks.Address + IoSlot.IndexOf(slot.Identity);
        *block = default;
        block->Data = slot.Identity;
        block->FileDescriptor = slot.FileDescriptor;
        block->Flags = AioFlags.NotifyEventFd;
        block->EventDescriptor = SignalDescriptor;
        switch (slot.Operation)
        {
            case IoOperation.Sync:
                block->Opcode = AioOpcode.Sync;
                return block;
            case IoOperation.DataSync:
                block->Opcode = AioOpcode.DataSync;
                return block;
        }

        bool isRead = slot.Operation == IoOperation.Read;
        block->RwFlags = slot.Flags;
        block->OffsetBytes = slot.RestOffsetBytes;
        if (slot.RestVectorCount == 1)
        {
            block->Opcode = isRead ? AioOpcode.Read : AioOpcode.Write;
            block->Buffer = (ulong)slot.RestVectors->Address;
            block->Length = slot.RestVectors->LengthBytes;
        }
        else
        {
            block->Opcode = isRead ? AioOpcode.ReadVectored : AioOpcode.WriteVectored;
            block->Buffer = (ulong)slot.RestVectors;
            block->Length = (ulong)slot.RestVectorCount;
        }

        return block;
    }

    private void TakeBacklog(ref IoSlotList batch)
    {
        lock (_backlogGate)
        {
            batch.Append(ref _backlog);
        }
    }
}
