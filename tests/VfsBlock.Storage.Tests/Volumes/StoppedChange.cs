namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>Gives the root to another user, and stops half way.</summary>
internal struct StoppedChange : IVolumeChange
{
    private InodeItem _before;

    public bool Prepare(ref VolumeTransaction transaction) =>
        transaction.View.FindInode(InodeNumber.Root, out _before) && transaction.WillUpdate(InodeNumber.Root);

    public readonly void Apply(ref VolumeTransaction transaction)
    {
        InodeItem after = _before;
        after.UserId = 4711;
        transaction.Update(InodeNumber.Root, in _before, in after);
        throw new TreeDamagedException("as if a node lay in another's blocks");
    }
}
