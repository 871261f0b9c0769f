namespace VfsBlock.Storage;

/// <summary>What an inode is told by chattr(1) (FORMAT.md section 4.3). Those that the volume keeps for itself are not here.</summary>
[Flags]
public enum InodeFlags : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Kept, and not obeyed: data is always copied on write (FS_NOCOW_FL).</summary>
    NoCopyOnWrite = 1 << 0,

    /// <summary>Nothing of it changes: no bytes, attributes or names (FS_IMMUTABLE_FL).</summary>
    Immutable = 1 << 1,

    /// <summary>A file only grows at its end, a directory only gets names (FS_APPEND_FL).</summary>
    AppendOnly = 1 << 2,

    /// <summary>For dump(8), which leaves it out (FS_NODUMP_FL). New inodes in a directory take it over.</summary>
    NoDump = 1 << 3,

    /// <summary>Reading does not change its access time (FS_NOATIME_FL). New inodes in a directory take it over.</summary>
    NoAccessTime = 1 << 4,

    /// <summary>All of these.</summary>
    All = NoCopyOnWrite | Immutable | AppendOnly | NoDump | NoAccessTime,
}
