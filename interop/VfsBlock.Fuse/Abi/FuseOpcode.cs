namespace VfsBlock.Fuse;

/// <summary>The operation a request asks for (enum fuse_opcode, protocol 7.45).</summary>
public enum FuseOpcode : uint
{
    /// <summary>Find a name in a directory.</summary>
    Lookup = 1,

    /// <summary>Take lookups of a node back; no reply.</summary>
    Forget = 2,

    /// <summary>Attributes of a node.</summary>
    GetAttr = 3,

    /// <summary>Change attributes.</summary>
    SetAttr = 4,

    /// <summary>Target of a symbolic link.</summary>
    ReadLink = 5,

    /// <summary>Make a symbolic link.</summary>
    SymLink = 6,

    /// <summary>Make a file of any type but a directory.</summary>
    Mknod = 8,

    /// <summary>Make a directory.</summary>
    Mkdir = 9,

    /// <summary>Remove a name of a file.</summary>
    Unlink = 10,

    /// <summary>Remove an empty directory.</summary>
    Rmdir = 11,

    /// <summary>Give a file another name.</summary>
    Rename = 12,

    /// <summary>Give a file one more name.</summary>
    Link = 13,

    /// <summary>Open a file.</summary>
    Open = 14,

    /// <summary>Read a file.</summary>
    Read = 15,

    /// <summary>Write a file.</summary>
    Write = 16,

    /// <summary>Sizes of the file system.</summary>
    Statfs = 17,

    /// <summary>An open file came to its end.</summary>
    Release = 18,

    /// <summary>Make a file durable.</summary>
    Fsync = 20,

    /// <summary>Set an extended attribute.</summary>
    SetXattr = 21,

    /// <summary>Value of an extended attribute.</summary>
    GetXattr = 22,

    /// <summary>Names of the extended attributes.</summary>
    ListXattr = 23,

    /// <summary>Remove an extended attribute.</summary>
    RemoveXattr = 24,

    /// <summary>Comes with every close(2).</summary>
    Flush = 25,

    /// <summary>Opens the conversation.</summary>
    Init = 26,

    /// <summary>Open a directory.</summary>
    OpenDir = 27,

    /// <summary>List a directory.</summary>
    ReadDir = 28,

    /// <summary>An open directory came to its end.</summary>
    ReleaseDir = 29,

    /// <summary>Make a directory durable.</summary>
    FsyncDir = 30,

    /// <summary>Test for a lock.</summary>
    GetLock = 31,

    /// <summary>Take or drop a lock, at once or not at all.</summary>
    SetLock = 32,

    /// <summary>Take a lock, waiting for it.</summary>
    SetLockWait = 33,

    /// <summary>Check permissions.</summary>
    Access = 34,

    /// <summary>Create and open a file.</summary>
    Create = 35,

    /// <summary>The caller of a request got a signal; no reply.</summary>
    Interrupt = 36,

    /// <summary>Map a block of a file to one of the device; fuseblk only.</summary>
    Bmap = 37,

    /// <summary>The file system ends; not sent on plain fuse mounts.</summary>
    Destroy = 38,

    /// <summary>Passes ioctl(2) on.</summary>
    Ioctl = 39,

    /// <summary>Which events a file is ready for.</summary>
    Poll = 40,

    /// <summary>The kernel's answer to a retrieve notification; no reply.</summary>
    NotifyReply = 41,

    /// <summary>Take lookups of many nodes back; no reply.</summary>
    BatchForget = 42,

    /// <summary>Allocate, free or zero a range of a file.</summary>
    Fallocate = 43,

    /// <summary>List a directory with attributes.</summary>
    ReadDirPlus = 44,

    /// <summary>Rename with flags.</summary>
    Rename2 = 45,

    /// <summary>Find data or a hole.</summary>
    Lseek = 46,

    /// <summary>Copy within the file system; a 32-bit count comes back.</summary>
    CopyFileRange = 47,

    /// <summary>Map into the DAX window; virtiofs only.</summary>
    SetupMapping = 48,

    /// <summary>Unmap from the DAX window; virtiofs only.</summary>
    RemoveMapping = 49,

    /// <summary>Make the whole file system durable; not sent on plain fuse mounts.</summary>
    SyncFs = 50,

    /// <summary>Create and open a file without a name.</summary>
    TmpFile = 51,

    /// <summary>Attributes of statx(2).</summary>
    Statx = 52,

    /// <summary>Copy within the file system; a 64-bit count comes back.</summary>
    CopyFileRange64 = 53,

    /// <summary>Opens the conversation of a character device.</summary>
    CuseInit = 4096,
}
