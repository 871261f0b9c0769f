using System.Numerics;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>The way of a chunk from memory to the device.</content>
internal sealed partial class FileData
{
    private const int MaxWriteAttempts = 3;
    private const int MaxPlaceRounds = 3;

    // One chunk at a time gets its place, since that is done out of what its writes reserved, and only once. Taken before the volume's lock.
    private readonly Lock _placeTurn = new();

    // Guarded by the volume's lock.
    private WriteChunk _placing;
    private int _placingSlot = -1;
    private int _droppedWhilePlacing;
    private int _hand;

    /// <summary>
    /// Returns when everything that had a place before the call is on the device. What could not be written there is given another place, and written again.
    /// </summary>
    /// <param name="hasFailed">True if a write failed: then the log may name blocks that were never written, and only a new root makes it right.</param>
    /// <returns>ENOSPC if the host has no room, or EIO if no place can be written: then it stays in memory for another try.</returns>
    public Errno FinishWrites(out bool hasFailed)
    {
        hasFailed = false;
        for (int attempt = 0; ; attempt++)
        {
            SubmitPlaced();
            lock (_ioTurn)
            {
                Buffer.ReapAll();
            }

            ReleaseWritten();

            // What others placed meanwhile is on its way, and not what the caller waits for.
            Errno error = Retry(isLast: attempt == MaxWriteAttempts, out bool isAnyRetried);
            hasFailed |= isAnyRetried;
            if (error != Errno.None || !isAnyRetried)
            {
                return error;
            }
        }
    }

    // Memory for a write: what is written already, or else the chunks that waited longest. The caller looks again, and comes back if it is still too little.
    private Errno MakeFreeChunks(int count)
    {
        ReleaseWritten();
        if (Buffer.FreeCount >= count)
        {
            return Errno.None;
        }

        Errno error = Errno.None;
        for (int step = 0; step < Buffer.Capacity / 4 && error == Errno.None; step++)
        {
            int slot = (int)((uint)Interlocked.Increment(ref _hand) % (uint)Buffer.Capacity);
            error = Buffer[slot].State == ChunkState.Dirty ? Place(slot, isUrgent: false) : Errno.None;
        }

        lock (_ioTurn)
        {
            Buffer.SubmitPlaced();
            if (error != Errno.None)
            {
                return error;
            }

            Buffer.Reap(1);
        }

        ReleaseWritten();

        // Nothing is on its way and nothing is free: writes failed, and a commit tries them again.
        return Buffer.FreeCount >= count || Buffer.InFlightCount > 0 || _core.MakeRoom is not { } makeRoom ? Errno.None : makeRoom();
    }

    // Chunks whose writes failed: elsewhere if the device could not, in the same place if the host had no room.
    private Errno Retry(bool isLast, out bool isAnyRetried)
    {
        isAnyRetried = false;
        Errno result = Errno.None;
        for (int slot = 0; slot < Buffer.Capacity; slot++)
        {
            Errno failure = Buffer.FailureOf(slot);
            if (failure == Errno.None)
            {
                continue;
            }

            isAnyRetried = true;
            bool isMoving = failure != Errno.ENOSPC && !isLast;
            Errno error = isMoving ? Move(slot) : failure;
            result = result == Errno.None ? error : result;
            _core.Exclusively((Buffer, slot), static (_, failed) => failed.Buffer.WriteAgain(failed.slot));
        }

        return result;
    }

    private Errno Move(int slot)
    {
        uint mask = Buffer[slot].ValidMask;
        int blockCount = BitOperations.PopCount(mask);
        Errno error = ReserveBlocks(blockCount);
        return error == Errno.None ? Place(slot, ChunkState.Placed, isUrgent: true) : error;
    }

    // Takes blocks for a dirty chunk out of what its writes reserved, and lets its file's extents name them.
    private Errno Place(int slot, bool isUrgent) => Place(slot, ChunkState.Dirty, isUrgent);

    private Errno Place(int slot, ChunkState from, bool isUrgent)
    {
        for (int round = 0; ; round++)
        {
            Errno error;
            lock (_placeTurn)
            {
                WriteChunk seen = BeginPlacing(slot);
                error = seen.State == from ? TryPlace(slot, in seen, isUrgent) : Errno.None;
                EndPlacing();
            }

            if (error == Errno.None)
            {
                return Errno.None;
            }

            if (!isUrgent && round < MaxPlaceRounds && (error is Errno.EBUSY or Errno.ENOSPC))
            {
                error = MakeRoomFor(error);
                error = error == Errno.None ? Errno.EAGAIN : error;
            }

            if (error != Errno.EAGAIN)
            {
                return error;
            }
        }
    }

    // While the blocks of a chunk are taken, what is dropped of it gives no reservation back: that is in these blocks.
    private WriteChunk BeginPlacing(int slot)
    {
        _core.Exclusively((data: this, slot), static (_, begin) =>
        {
            begin.data._placingSlot = begin.slot;
            begin.data._placing = begin.data.Buffer[begin.slot];
        });
        return _placing;
    }

    private void EndPlacing()
    {
        _core.Exclusively(this, static (_, data) => data._placingSlot = -1);
        _space.ReleaseReservation(_droppedWhilePlacing);
        _droppedWhilePlacing = 0;
    }

    private Errno TryPlace(int slot, in WriteChunk seen, bool isUrgent)
    {
        uint mask = seen.ValidMask;
        uint newMask = mask & ~seen.BackedMask;
        Errno error = TakeBlocks(newMask, StreamFor(newMask, seen.Inode), mayWait: true, out ChunkBlocks blocks);
        if (error == Errno.None)
        {
            var change = new PlaceChange(this, slot, seen.State, mask, newMask, in blocks);

            // A commit places this chunk too, out of the same reservation: it must not run while the blocks are held here.
            error = _core.Change(ref change, isUrgent ? ChangeRight.Urgent : ChangeRight.Ordinary, mayCommit: false);
        }

        if (error == Errno.None)
        {
            return Errno.None;
        }

        GiveBack(newMask, in blocks);
        if (error != Errno.ESTALE)
        {
            return error;
        }

        // The file was deleted, and its bytes with it.
        _core.Exclusively((data: this, seen.Inode), static (_, dead) => dead.data.DropBlocks(dead.Inode, 0));
        return Errno.None;
    }

    private Errno MakeRoomFor(Errno refused)
    {
        Func<Errno>? make = refused == Errno.EBUSY ? _core.MakeRoom : _core.MakeSpace;
        return make is null ? refused : make();
    }

    private static AllocationStream StreamFor(uint mask, InodeNumber inode) =>
        mask == WriteChunk.FullMask ? AllocationStream.LargeData((uint)inode.Value) : AllocationStream.SmallData;

    private Errno TakeBlocks(uint mask, AllocationStream stream, bool mayWait, out ChunkBlocks blocks)
    {
        blocks = default;
        for (int index = 0; index < WriteChunk.BlockCount;)
        {
            int wanted = 0;
            while (index + wanted < WriteChunk.BlockCount && (mask >> (index + wanted) & 1) != 0)
            {
                wanted++;
            }

            if (wanted == 0)
            {
                index++;
                continue;
            }

            Errno error = _space.TakeReserved(stream, wanted, mayWait, out BlockRun run);
            if (error != Errno.None)
            {
                return error;
            }

            for (int taken = 0; taken < run.BlockCount; taken++)
            {
                blocks[index++] = run.First.Value + (ulong)taken;
            }
        }

        return Errno.None;
    }

    private void GiveBack(uint mask, in ChunkBlocks blocks)
    {
        for (int first = 0; first < WriteChunk.BlockCount;)
        {
            int count = WriteBuffer.RunLength(mask, in blocks, first);
            if (count > 0 && blocks[first] != 0)
            {
                _space.ReturnReserved(new BlockRun(new BlockNumber(blocks[first]), count));
            }

            first += Math.Max(count, 1);
        }
    }

    /// <summary>Submits the writes of placed chunks.</summary>
    public void SubmitPlaced()
    {
        lock (_ioTurn)
        {
            Buffer.SubmitPlaced();
        }
    }

    private void ReleaseWritten() => _core.Exclusively(this, static (_, data) => data.Buffer.ReleaseWritten());
}
