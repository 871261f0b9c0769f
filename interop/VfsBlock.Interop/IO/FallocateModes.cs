namespace VfsBlock.Interop;

/// <summary>What fallocate(2) does to a range of a file: its <c>FALLOC_FL_</c> modes.</summary>
/// <remarks>A file system answers EOPNOTSUPP for a mode it lacks. Values: include/uapi/linux/falloc.h.</remarks>
[Flags]
public enum FallocateModes
{
    /// <summary>Give the range blocks, so that a later write cannot run out of space; grow the file if it ends earlier.</summary>
    None = 0,

    /// <summary>FALLOC_FL_KEEP_SIZE: leave the file's size alone.</summary>
    KeepSize = 0x01,

    /// <summary>FALLOC_FL_PUNCH_HOLE: give the range's blocks back; it reads as zeros. Needs <see cref="KeepSize"/>.</summary>
    PunchHole = 0x02,

    /// <summary>FALLOC_FL_COLLAPSE_RANGE: cut the range out; what follows moves down. Alone only, on block boundaries.</summary>
    CollapseRange = 0x08,

    /// <summary>FALLOC_FL_ZERO_RANGE: the range reads as zeros and has its blocks.</summary>
    ZeroRange = 0x10,

    /// <summary>FALLOC_FL_INSERT_RANGE: make a hole; what follows moves up. Alone only, on block boundaries.</summary>
    InsertRange = 0x20,

    /// <summary>FALLOC_FL_UNSHARE_RANGE: give the range blocks shared with no other file.</summary>
    UnshareRange = 0x40,

    /// <summary>FALLOC_FL_WRITE_ZEROES (Linux 6.17): write zeros, by the device itself where it can.</summary>
    WriteZeroes = 0x80,
}
