namespace VfsBlock.Storage;

/// <summary>A change that takes extents out of a file, as many as one change is to take; the rest is left to others.</summary>
internal interface IFreeingChange : IVolumeChange
{
    /// <summary>How many extents it takes at most, 1 or more. Shared ones count more (<see cref="ExtentMap.SharedExtentWeight"/>).</summary>
    int MaxExtents { get; set; }
}
