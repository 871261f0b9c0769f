using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>The views of a device that callers mapped: they grow with it, and let go of what it is about to lose.</summary>
/// <remarks>Knows the views, does not own them: whoever mapped one disposes it. Any thread may call; one lock, over changes of size only.</remarks>
internal sealed class DeviceViews
{
    private readonly Lock _gate = new();
    private readonly List<ReservedRegion> _views = [];

    /// <summary>Adds a view, grown to the device's size.</summary>
    /// <returns>What growing it answered; the view was not added then.</returns>
    public Errno Add(ReservedRegion view, long sizeBytes)
    {
        lock (_gate)
        {
            Errno error = view.GrowTo(Math.Min(sizeBytes, view.CapacityBytes));
            if (error == Errno.None)
            {
                _views.Add(view);
            }

            return error;
        }
    }

    /// <summary>Lets every view end where the device will end, or as far as it can reach. Before a cut, after a growth.</summary>
    public void Follow(long sizeBytes)
    {
        lock (_gate)
        {
            for (int index = _views.Count - 1; index >= 0; index--)
            {
                if (!TryFollow(_views[index], sizeBytes))
                {
                    _views.RemoveAt(index);
                }
            }
        }
    }

    // False if its owner disposed of it: only using it tells.
    private static bool TryFollow(ReservedRegion view, long sizeBytes)
    {
        try
        {
            // What cannot be mapped stays out of the view's length, and so out of everybody's reach.
            view.ShrinkTo(sizeBytes);
            view.GrowTo(Math.Min(sizeBytes, view.CapacityBytes));
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
