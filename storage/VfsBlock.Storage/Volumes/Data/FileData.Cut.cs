using System.Numerics;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Cuts through the history of writes.</content>
internal sealed partial class FileData
{
    // A cut of no more than this is somebody's sync, and not bulk data that happens to be cut.
    private const int SmallCutChunks = 32;
    private const int SmallChunkBlocks = 8;

    private readonly Lock _pauseGate = new();

    // Guarded by the volume's lock.
    private bool _isCut;

    /// <summary>True while everything that is dirty gets its place: writes wait, so that there is an end to it. Guarded by the volume's lock.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>
    /// Gives everything that was written a place, and runs an action at the moment when nothing is dirty: a cut through the volume's history that no write
    /// straddles.
    /// </summary>
    /// <param name="state">Handed to the action.</param>
    /// <param name="cut">Runs under the volume's lock, held exclusively.</param>
    /// <returns>ENOSPC or EIO, and then the action did not run.</returns>
    public Errno Cut<TState>(TState state, Action<VolumeCore, TState> cut)
    {
        lock (_pauseGate)
        {
            return CutAtOnce(state, cut) ? Errno.None : CutInPause(state, cut);
        }
    }

    // Little data gets its place in the same hold of the lock: nobody has to wait for a pause, and nobody is woken at its end.
    private bool CutAtOnce<TState>(TState state, Action<VolumeCore, TState> cut)
    {
        lock (_placeTurn)
        {
            _core.Exclusively((data: this, state, cut), static (core, small) =>
            {
                small.data._isCut = small.data.TryPlaceAllAtOnce();
                if (small.data._isCut)
                {
                    small.cut(core, small.state);
                }
            });
            return _isCut;
        }
    }

    private Errno CutInPause<TState>(TState state, Action<VolumeCore, TState> cut)
    {
        _core.Exclusively(this, static (_, data) => data.IsPaused = true);
        Errno error = PlaceAll();
        if (error == Errno.None)
        {
            _core.Exclusively((data: this, state, cut), static (core, all) =>
            {
                if (all.data.Buffer.DirtyCount != 0)
                {
                    throw new InvalidOperationException("a write became dirty while writes were paused");
                }

                all.cut(core, all.state);
            });
        }

        _core.Exclusively(this, static (_, data) => data.IsPaused = false);
        return error;
    }

    private Errno WaitForPause()
    {
        lock (_pauseGate)
        {
            return Errno.None;
        }
    }

    private Errno PlaceAll()
    {
        for (int slot = 0; slot < Buffer.Capacity; slot++)
        {
            if (Buffer[slot].State == ChunkState.Dirty && Place(slot, isUrgent: true) is not Errno.None and var error)
            {
                return error;
            }
        }

        return Errno.None;
    }

    // False if that is too much, or needs I/O: what was not placed is still dirty.
    private bool TryPlaceAllAtOnce()
    {
        if (Buffer.DirtyCount > SmallCutChunks)
        {
            return false;
        }

        for (int slot = 0; slot < Buffer.Capacity && Buffer.DirtyCount > 0; slot++)
        {
            if (Buffer[slot].State == ChunkState.Dirty && !TryPlaceAtOnce(slot))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryPlaceAtOnce(int slot)
    {
        ref WriteChunk chunk = ref Buffer[slot];
        uint mask = chunk.ValidMask;
        uint newMask = mask & ~chunk.BackedMask;
        if (BitOperations.PopCount(mask) > SmallChunkBlocks)
        {
            return false;
        }

        Errno error = TakeBlocks(newMask, AllocationStream.SyncedData, mayWait: false, out ChunkBlocks blocks);
        if (error == Errno.None)
        {
            var change = new PlaceChange(this, slot, ChunkState.Dirty, mask, newMask, in blocks);
            error = _core.ChangeAtOnce(ref change, ChangeRight.Urgent);
        }

        if (error != Errno.None)
        {
            GiveBack(newMask, in blocks);
        }

        return error == Errno.None;
    }
}
