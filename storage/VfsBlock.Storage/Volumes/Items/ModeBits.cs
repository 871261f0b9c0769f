namespace VfsBlock.Storage;

/// <summary>The bits of a mode (inode(7)): type and permissions.</summary>
internal static class ModeBits
{
    /// <summary>How far the type stands above the permissions.</summary>
    public const int TypeShift = 12;

    /// <summary>Everything but the type: permissions, set-id bits and the sticky bit.</summary>
    public const uint PermissionMask = 0xFFF;

    /// <summary>Set-user-id.</summary>
    public const uint SetUserId = 0x800;

    /// <summary>Set-group-id; on a directory: new entries take its group.</summary>
    public const uint SetGroupId = 0x400;

    /// <summary>Execution by the group.</summary>
    public const uint GroupExecute = 0x008;

    /// <summary>What a symbolic link has, whose permissions nobody asks for.</summary>
    public const uint AllPermissions = 0x1FF;

    /// <summary>The mode of a type with permissions.</summary>
    public static uint Of(InodeType type, uint permissions) => ((uint)type << TypeShift) | (permissions & PermissionMask);

    /// <summary>The type in a mode; a number without a name if there is no such type.</summary>
    public static InodeType TypeOf(uint mode) => (InodeType)(mode >> TypeShift);

    /// <summary>True if this is one of the seven types.</summary>
    public static bool IsKnown(InodeType type) => type is InodeType.Regular or InodeType.Directory or InodeType.SymbolicLink
        or InodeType.Fifo or InodeType.Socket or InodeType.CharacterDevice or InodeType.BlockDevice;
}
