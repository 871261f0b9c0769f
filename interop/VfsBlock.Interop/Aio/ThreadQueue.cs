using System.Diagnostics.CodeAnalysis;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>
/// An <see cref="IIoQueue"/> on threads of its own, each inside one blocking call at a time: for buffered files, and
/// where O_DIRECT or AIO cannot be had.
/// </summary>
/// <remarks>
/// Owns its threads, which keep the queue alive until it is disposed. Besides the queue's lock there is one for the list
/// of work; no lock is held over a request's call.
/// </remarks>
public sealed class ThreadQueue : IoQueue
{
    private readonly object _workGate = new();
    private readonly Thread[] _threads;
    private IoSlotList _work;
    private bool _isStopping;

    /// <summary>Makes a queue and starts its threads.</summary>
    /// <param name="depth">Requests in flight at once, 1 to <see cref="IoQueue.MaxDepth"/>.</param>
    /// <param name="threadCount">How many requests run at the same time, 1 or more.</param>
    /// <param name="bufferLimit">Pieces of memory a vectored request may have, 1 to <see cref="IoQueue.MaxBufferLimit"/>.</param>
    public ThreadQueue(int depth, int threadCount = 4, int bufferLimit = 64)
        : base(depth, bufferLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        _threads = new Thread[threadCount];
        for (int index = 0; index < threadCount; index++)
        {
            _threads[index] = new Thread(Work) { IsBackground = true, Name = $"io-{index}" };
            _threads[index].Start();
        }
    }

    private protected override void Start(IoSlotList batch)
    {
        lock (_workGate)
        {
            int count = batch.Count;
            _work.Append(ref batch);
            if (count == 1)
            {
                Monitor.Pulse(_workGate);
            }
            else if (count > 1)
            {
                Monitor.PulseAll(_workGate);
            }
        }
    }

    // The threads finish their requests themselves.
    private protected override void Collect()
    {
    }

    private protected override void Stop()
    {
        lock (_workGate)
        {
            _isStopping = true;
            Monitor.PulseAll(_workGate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private static void Run(IoSlot slot)
    {
        long returned;
        do
        {
            returned = slot.Operation switch
            {
                IoOperation.Sync => Libc.FSync(slot.FileDescriptor),
                IoOperation.DataSync => Libc.FDataSync(slot.FileDescriptor),
                _ => Transfer(slot),
            };
        }
        while (slot.Advance(returned));
    }

    private static long Transfer(IoSlot slot)
    {
        long returned = TransferAt(slot, slot.RestOffsetBytes);
        // A pipe has no offsets; io_submit overlooks that, so this does too. -1 stands for the descriptor's own position.
        return returned == -(long)Errno.ESPIPE ? TransferAt(slot, -1) : returned;
    }

    private static unsafe long TransferAt(IoSlot slot, long offsetBytes) => slot.Operation == IoOperation.Read
        ? Libc.PReadV2(slot.FileDescriptor, slot.RestVectors, slot.RestVectorCount, offsetBytes, slot.Flags)
        : Libc.PWriteV2(slot.FileDescriptor, slot.RestVectors, slot.RestVectorCount, offsetBytes, slot.Flags);

    private void Work()
    {
        while (TryTakeWork(out IoSlot? slot))
        {
            Run(slot);
            Finish(slot, isReaper: false);
        }
    }

    private bool TryTakeWork([NotNullWhen(true)] out IoSlot? slot)
    {
        lock (_workGate)
        {
            while (!_work.TryTake(out slot))
            {
                if (_isStopping)
                {
                    return false;
                }

                Monitor.Wait(_workGate);
            }

            return true;
        }
    }
}
