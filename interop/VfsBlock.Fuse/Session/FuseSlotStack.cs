namespace VfsBlock.Fuse;

/// <summary>The free slots of one worker.</summary>
/// <remarks>
/// Any thread pushes; only the worker pops. With a single consumer a slot cannot leave and come back between the two
/// reads of a pop, so a plain linked stack needs neither lock nor version number.
/// </remarks>
internal sealed class FuseSlotStack
{
    private FuseSlot? _top;

    /// <summary>Adds a slot. Any thread.</summary>
    public void Push(FuseSlot slot)
    {
        FuseSlot? top = Volatile.Read(ref _top);
        while (true)
        {
            slot.NextFree = top;
            FuseSlot? seen = Interlocked.CompareExchange(ref _top, slot, top);
            if (seen == top)
            {
                return;
            }

            top = seen;
        }
    }

    /// <summary>Takes a slot; null if there is none. The worker's thread only.</summary>
    public FuseSlot? TryPop()
    {
        FuseSlot? top = Volatile.Read(ref _top);
        while (top is not null)
        {
            FuseSlot? seen = Interlocked.CompareExchange(ref _top, top.NextFree, top);
            if (seen == top)
            {
                return top;
            }

            top = seen;
        }

        return null;
    }
}
