namespace VfsBlock.Storage;

/// <summary>What an inode is: the numbers of <c>d_type</c> (readdir(3)), which are the type bits of a mode (inode(7)) moved down by 12.</summary>
public enum InodeType : byte
{
    /// <summary>Nothing known; no inode has it.</summary>
    Unknown = 0,

    /// <summary>FIFO.</summary>
    Fifo = 1,

    /// <summary>Character device.</summary>
    CharacterDevice = 2,

    /// <summary>Directory.</summary>
    Directory = 4,

    /// <summary>Block device.</summary>
    BlockDevice = 6,

    /// <summary>Regular file.</summary>
    Regular = 8,

    /// <summary>Symbolic link.</summary>
    SymbolicLink = 10,

    /// <summary>Socket.</summary>
    Socket = 12,
}
