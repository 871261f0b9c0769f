using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Blocks whose next write is quick to become durable (<see cref="BlockAllocator.WarmBlocks"/>).</summary>
public sealed partial class BlockFile
{
    private const int WarmStepBytes = 1 << 20;
    private const int WarmMinBytes = 64 << 10;

    /// <summary>True if <see cref="WriteAhead"/> should be called, by whoever has the time.</summary>
    internal bool WantsWriteAhead
    {
        get
        {
            lock (_gate)
            {
                return _allocator.WantsWarm;
            }
        }
    }

    /// <summary>How many free blocks are kept for small writes that somebody waits for.</summary>
    internal int WarmBlockCount
    {
        get
        {
            lock (_gate)
            {
                return _allocator.WarmBlocks;
            }
        }
    }

    /// <summary>Writes zeros to a mebibyte of free blocks, so that the host has space for them and knows that it was written.</summary>
    internal void WriteAhead()
    {
        int wanted = WarmStepBytes / BlockSizeBytes;

        // Those that are warm already must not be written again, and again.
        var request = new AllocationRequest(
            AllocationStream.SmallData, wanted, WarmMinBytes / BlockSizeBytes, AllocationRight.Ordinary, IsHeld: true, SparesWarm: true);
        Errno error = Allocate(request, out BlockRun run);
        bool isHeld = error == Errno.None;
        error = isHeld ? WriteZeros(run) : error;
        lock (_gate)
        {
            if (error == Errno.None)
            {
                _allocator.AddWarm(run);
                return;
            }

            _allocator.RefuseWarming();
            if (isHeld)
            {
                _allocator.Release(run);
            }
        }
    }

    /// <summary>Gives the host's space for what is kept back, before the image is closed.</summary>
    internal void DiscardWarm()
    {
        while (true)
        {
            BlockRun run;
            lock (_gate)
            {
                if (!_allocator.TryDropWarm(out run))
                {
                    return;
                }
            }

            // A failure costs space of the host until the blocks are used and freed again.
            _device.Discard(run.First.OffsetBytes(BlockSizeBytes), _layout.BytesOf((ulong)run.BlockCount));
            lock (_gate)
            {
                _allocator.Release(run);
            }
        }
    }
}
