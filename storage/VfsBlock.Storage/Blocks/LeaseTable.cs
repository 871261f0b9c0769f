using System.Text;

namespace VfsBlock.Storage;

/// <summary>
/// The leases that are out. A lease is a slot and a generation: one that was released never matches again, so releasing twice does
/// nothing and using it afterwards is an exception.
/// </summary>
/// <remarks>The file's lock guards everything but <see cref="IsCurrent"/>. Allocates only when more leases are out than ever before.</remarks>
internal sealed class LeaseTable(bool tracksOrigins)
{
    private LeaseSlot[] _slots = new LeaseSlot[64];
    private int[] _free = new int[64];
    private int _freeCount;
    private int _slotCount;

    public int OutstandingCount { get; private set; }

    /// <summary>Leases on memory of the map: while there are some, the image does not shrink.</summary>
    public int MapCount { get; private set; }

    public (int Slot, uint Generation) Take(int frame, bool isWriter)
    {
        int slot = _freeCount > 0 ? _free[--_freeCount] : NewSlot();
        ref LeaseSlot entry = ref _slots[slot];
        entry.Frame = frame;
        entry.IsWriter = isWriter;
        entry.IsOut = true;
        entry.Origin = tracksOrigins ? Environment.StackTrace : null;
        OutstandingCount++;
        MapCount += frame < 0 ? 1 : 0;
        return (slot, entry.Generation);
    }

    /// <summary>Ends a lease.</summary>
    /// <returns>False if it ended before.</returns>
    public bool TryEnd(int slot, uint generation, out LeaseSlot ended)
    {
        ended = default;
        if (!IsCurrent(slot, generation))
        {
            return false;
        }

        ref LeaseSlot entry = ref _slots[slot];
        ended = entry;
        entry.IsOut = false;
        entry.Origin = null;
        entry.Generation++;
        _free[_freeCount++] = slot;
        OutstandingCount--;
        MapCount -= ended.Frame < 0 ? 1 : 0;
        return true;
    }

    /// <summary>True while the lease is out. Needs no lock.</summary>
    public bool IsCurrent(int slot, uint generation)
    {
        LeaseSlot[] slots = Volatile.Read(ref _slots);
        return (uint)slot < (uint)slots.Length && slots[slot].IsOut && slots[slot].Generation == generation;
    }

    /// <summary>Where the leases that are out were taken, if that is remembered.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        foreach (LeaseSlot slot in _slots)
        {
            if (slot.IsOut && slot.Origin is not null)
            {
                text.Append('\n').Append("taken").Append(slot.Origin);
            }
        }

        return text.ToString();
    }

    private int NewSlot()
    {
        if (_slotCount == _slots.Length)
        {
            int size = _slots.Length * 2;
            LeaseSlot[] slots = [.. _slots, .. new LeaseSlot[_slots.Length]];
            _free = new int[size];
            Volatile.Write(ref _slots, slots);
        }

        _slots[_slotCount].Generation = 1;
        return _slotCount++;
    }
}
