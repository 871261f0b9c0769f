namespace VfsBlock.Storage.Tests;

/// <summary>What an <see cref="Operation"/> does. Path and Other are its operands, Offset and Length its numbers.</summary>
internal enum OperationKind
{
    /// <summary>Makes an empty file.</summary>
    Create,

    /// <summary>Makes a directory.</summary>
    MakeDirectory,

    /// <summary>Makes a symbolic link with a target of Length bytes.</summary>
    Symlink,

    /// <summary>Makes a character device of number Length, or a FIFO if that is 0.</summary>
    MakeNode,

    /// <summary>Makes a file without a name in the directory Path, and holds it as Other.</summary>
    CreateTemporary,

    /// <summary>Gives Path the name Other too.</summary>
    Link,

    /// <summary>Removes a name of a file.</summary>
    Unlink,

    /// <summary>Removes a directory.</summary>
    RemoveDirectory,

    /// <summary>Gives Path the name Other instead.</summary>
    Rename,

    /// <summary>Gives Path the name Other instead, unless something has it.</summary>
    RenameNoReplace,

    /// <summary>Gives Path the name Other instead, and leaves a whiteout.</summary>
    RenameWhiteout,

    /// <summary>Exchanges the names Path and Other.</summary>
    Exchange,

    /// <summary>Writes Length bytes at Offset.</summary>
    Write,

    /// <summary>Writes Length bytes at the end.</summary>
    Append,

    /// <summary>Sets the size to Length.</summary>
    SetSize,

    /// <summary>Sets space aside for Length bytes from Offset on; the file reaches to their end.</summary>
    Allocate,

    /// <summary>Sets space aside for Length bytes from Offset on; the size stays.</summary>
    AllocateKeepingSize,

    /// <summary>Makes Length bytes from Offset on a hole.</summary>
    PunchHole,

    /// <summary>Makes Length bytes from Offset on zeros with space; the file reaches to their end.</summary>
    ZeroRange,

    /// <summary>Makes Length bytes from Offset on zeros with space; the size stays.</summary>
    ZeroRangeKeepingSize,

    /// <summary>Takes Length bytes at Offset out.</summary>
    CollapseRange,

    /// <summary>Puts a hole of Length bytes in at Offset.</summary>
    InsertRange,

    /// <summary>Copies Length bytes at Offset to Target in the file Other; whole blocks are shared.</summary>
    CopyRange,

    /// <summary>Sets permissions (Offset), owner (Length) and modification time.</summary>
    SetAttributes,

    /// <summary>Sets the flags that forbid nothing (Offset: one bit each).</summary>
    SetFlags,

    /// <summary>Sets the extended attribute Other to Length bytes.</summary>
    SetXattr,

    /// <summary>Removes the extended attribute Other.</summary>
    RemoveXattr,

    /// <summary>Holds Path as Other.</summary>
    Hold,

    /// <summary>Lets go of what is held as Path.</summary>
    Release,

    /// <summary>Makes everything durable by the log.</summary>
    Sync,

    /// <summary>Makes everything durable by a new root.</summary>
    Checkpoint,

    /// <summary>Closes the volume and opens it again.</summary>
    Reopen,
}
