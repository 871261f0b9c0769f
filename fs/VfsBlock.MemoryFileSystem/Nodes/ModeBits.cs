namespace VfsBlock.MemoryFileSystem;

/// <summary>The bits of a file's mode (inode(7)): its type and its permissions.</summary>
internal static class ModeBits
{
    /// <summary>The part that says the type.</summary>
    public const uint TypeMask = 0xF000;

    /// <summary>FIFO.</summary>
    public const uint Fifo = 0x1000;

    /// <summary>Character device.</summary>
    public const uint CharacterDevice = 0x2000;

    /// <summary>Directory.</summary>
    public const uint Directory = 0x4000;

    /// <summary>Block device.</summary>
    public const uint BlockDevice = 0x6000;

    /// <summary>Regular file.</summary>
    public const uint Regular = 0x8000;

    /// <summary>Symbolic link.</summary>
    public const uint SymbolicLink = 0xA000;

    /// <summary>Socket.</summary>
    public const uint Socket = 0xC000;

    /// <summary>Everything but the type: permissions, set-id bits and the sticky bit.</summary>
    public const uint PermissionMask = 0xFFF;

    /// <summary>Set-user-id.</summary>
    public const uint SetUserId = 0x800;

    /// <summary>Set-group-id; on a directory: new entries take its group.</summary>
    public const uint SetGroupId = 0x400;

    /// <summary>Execution by the group.</summary>
    public const uint GroupExecute = 0x008;
}
