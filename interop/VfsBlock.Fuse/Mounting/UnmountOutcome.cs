namespace VfsBlock.Fuse;

/// <summary>What became of a mount that we wanted gone.</summary>
public enum UnmountOutcome
{
    /// <summary>It is unmounted; the server sees ENODEV on the device.</summary>
    Unmounted,

    /// <summary>It is out of the directory tree, and ends when its last open file is closed; it is served until then.</summary>
    Detached,

    /// <summary>Nothing was done: somebody else had unmounted it.</summary>
    AlreadyGone,

    /// <summary>Nothing was done: another mount stands on the mount point and hides ours, which is still there.</summary>
    Covered,

    /// <summary>It is still mounted; the error says why, EBUSY if files in it are open.</summary>
    Refused,
}
