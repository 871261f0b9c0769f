namespace VfsBlock.Storage;

/// <summary>
/// A change of a volume that happens whole or not at all: first it looks at everything and says what it will change, then it changes it.
/// <see cref="VolumeCore.Change"/> runs it.
/// </summary>
/// <remarks>Both halves run in one hold of the volume's lock, exclusively. The first may run several times, each time from the beginning.</remarks>
internal interface IVolumeChange
{
    /// <summary>Decides whether the change can be made and announces every item it will touch. Changes nothing, inside the volume or outside.</summary>
    /// <returns>False as soon as a call on the transaction or its view did: the view knows why.</returns>
    bool Prepare(ref VolumeTransaction transaction);

    /// <summary>Makes the change. It cannot fail.</summary>
    void Apply(ref VolumeTransaction transaction);
}
