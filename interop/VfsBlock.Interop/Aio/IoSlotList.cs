using System.Diagnostics.CodeAnalysis;

namespace VfsBlock.Interop;

/// <summary>
/// A first-in-first-out list of slots, linked through the slots themselves: a slot is in one list at a time, and moving
/// it allocates nothing.
/// </summary>
/// <remarks>A mutable value: keep one in a field or pass it on whole. Whoever owns it guards it.</remarks>
internal struct IoSlotList
{
    private IoSlot? _last;

    /// <summary>The oldest; the others follow by <see cref="IoSlot.Next"/>.</summary>
    public IoSlot? First { get; private set; }

    public int Count { get; private set; }

    public void Append(IoSlot slot)
    {
        slot.Next = null;
        if (_last is null)
        {
            First = slot;
        }
        else
        {
            _last.Next = slot;
        }

        _last = slot;
        Count++;
    }

    /// <summary>Moves everything from another list to the end of this one.</summary>
    public void Append(ref IoSlotList other)
    {
        while (other.TryTake(out IoSlot? slot))
        {
            Append(slot);
        }
    }

    public bool TryTake([NotNullWhen(true)] out IoSlot? slot)
    {
        slot = First;
        if (slot is null)
        {
            return false;
        }

        First = slot.Next;
        slot.Next = null;
        if (First is null)
        {
            _last = null;
        }

        Count--;
        return true;
    }
}
