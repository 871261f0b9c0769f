namespace VfsBlock.Fuse;

/// <summary>The command of a submission on the FUSE device (enum fuse_uring_cmd).</summary>
public enum FuseUringCommand : uint
{
    /// <summary>None.</summary>
    Invalid = 0,

    /// <summary>Hand a buffer to the kernel and wait for a request in it.</summary>
    Register = 1,

    /// <summary>Give the reply and wait for the next request in the same buffer.</summary>
    CommitAndFetch = 2,
}
