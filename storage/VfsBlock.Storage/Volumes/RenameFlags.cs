namespace VfsBlock.Storage;

/// <summary>How to rename: the flags of renameat2(2).</summary>
[Flags]
public enum RenameFlags
{
    /// <summary>What has the new name is replaced.</summary>
    None = 0,

    /// <summary>EEXIST if something has the new name.</summary>
    NoReplace = 1,

    /// <summary>The two names are exchanged; ENOENT unless both are there.</summary>
    Exchange = 2,

    /// <summary>Leaves the character device 0:0 under the old name, which overlayfs takes for a deleted file.</summary>
    Whiteout = 4,
}
