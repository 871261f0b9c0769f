namespace VfsBlock.Storage;

/// <summary>What an <see cref="AttributeChange"/> changes.</summary>
[Flags]
public enum AttributeFields
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The permissions.</summary>
    Mode = 1 << 0,

    /// <summary>The owner.</summary>
    UserId = 1 << 1,

    /// <summary>The group.</summary>
    GroupId = 1 << 2,

    /// <summary>The access time, to what is given.</summary>
    AccessTime = 1 << 3,

    /// <summary>The access time, to now.</summary>
    AccessTimeNow = 1 << 4,

    /// <summary>The modification time, to what is given.</summary>
    ModifyTime = 1 << 5,

    /// <summary>The modification time, to now.</summary>
    ModifyTimeNow = 1 << 6,

    /// <summary>The change time, to what is given: only a kernel that keeps times itself asks for it. Otherwise it becomes now.</summary>
    ChangeTime = 1 << 7,

    /// <summary>Set-id bits go as they do at a write, or at chown(2) if owner or group are given too (inode(7)).</summary>
    ClearSetId = 1 << 8,
}
