namespace VfsBlock.Storage;

/// <summary>A question to a volume. <see cref="VolumeCore.Query"/> runs it, again from the beginning whenever a node was cold.</summary>
internal interface IVolumeQuery
{
    /// <summary>Looks at the trees, the volume's lock held shared, and keeps the answer.</summary>
    /// <returns>False as soon as a call on the view did: the view knows why.</returns>
    bool Run(ref VolumeView view);
}
