using System.Runtime.CompilerServices;
using VfsBlock.Interop.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Structures and constants of the file calls against the system's headers.</summary>
public sealed class FileIoHeadersTests
{
    [Fact]
    public void IoVec_Size_Is16() => Assert.Equal(16, Unsafe.SizeOf<IoVec>());

    [HeadersFact("sys/uio.h")]
    public void IoVec_Layout_IsTheHeaders() => SystemHeaders.AssertLayout<IoVec>(
        "sys/uio.h",
        "struct iovec",
        (nameof(IoVec.Address), "iov_base"),
        (nameof(IoVec.LengthBytes), "iov_len"));

    [HeadersFact("linux/stat.h")]
    public void Statx_Layout_IsTheHeaders() => SystemHeaders.AssertLayout<Statx>(
        "linux/stat.h",
        "struct statx",
        (nameof(Statx.Mask), "stx_mask"),
        (nameof(Statx.BlockSize), "stx_blksize"),
        (nameof(Statx.Attributes), "stx_attributes"),
        (nameof(Statx.LinkCount), "stx_nlink"),
        (nameof(Statx.UserId), "stx_uid"),
        (nameof(Statx.GroupId), "stx_gid"),
        (nameof(Statx.Mode), "stx_mode"),
        (nameof(Statx.Inode), "stx_ino"),
        (nameof(Statx.SizeBytes), "stx_size"),
        (nameof(Statx.SectorCount), "stx_blocks"),
        (nameof(Statx.AttributesMask), "stx_attributes_mask"),
        (nameof(Statx.AccessTime), "stx_atime"),
        (nameof(Statx.BirthTime), "stx_btime"),
        (nameof(Statx.ChangeTime), "stx_ctime"),
        (nameof(Statx.ModificationTime), "stx_mtime"),
        (nameof(Statx.DeviceOwnMajor), "stx_rdev_major"),
        (nameof(Statx.DeviceOwnMinor), "stx_rdev_minor"),
        (nameof(Statx.DeviceMajor), "stx_dev_major"),
        (nameof(Statx.DeviceMinor), "stx_dev_minor"),
        (nameof(Statx.MountId), "stx_mnt_id"),
        (nameof(Statx.DirectMemoryAlignment), "stx_dio_mem_align"),
        (nameof(Statx.DirectOffsetAlignment), "stx_dio_offset_align"));

    [HeadersFact("linux/stat.h")]
    public void StatxTimestamp_Layout_IsTheHeaders() => SystemHeaders.AssertLayout<StatxTimestamp>(
        "linux/stat.h",
        "struct statx_timestamp",
        (nameof(StatxTimestamp.Seconds), "tv_sec"),
        (nameof(StatxTimestamp.Nanoseconds), "tv_nsec"));

    [HeadersFact("linux/fs.h", "linux/falloc.h")]
    public void TransferAndAllocateFlags_EveryOneTheHeadersKnow_HasTheirValue() => SystemHeaders.AssertConstants(
        ["linux/fs.h", "linux/falloc.h"],
        ("BLKGETSIZE64", (long)Libc.BlockDeviceSizeBytes),
        ("RWF_HIPRI", (long)RwFlags.HighPriority),
        ("RWF_DSYNC", (long)RwFlags.DataSync),
        ("RWF_SYNC", (long)RwFlags.Sync),
        ("RWF_NOWAIT", (long)RwFlags.NoWait),
        ("RWF_APPEND", (long)RwFlags.Append),
        ("RWF_NOAPPEND", (long)RwFlags.NoAppend),
        ("RWF_ATOMIC", (long)RwFlags.Atomic),
        ("RWF_DONTCACHE", (long)RwFlags.DontCache),
        ("FALLOC_FL_KEEP_SIZE", (long)FallocateModes.KeepSize),
        ("FALLOC_FL_PUNCH_HOLE", (long)FallocateModes.PunchHole),
        ("FALLOC_FL_COLLAPSE_RANGE", (long)FallocateModes.CollapseRange),
        ("FALLOC_FL_ZERO_RANGE", (long)FallocateModes.ZeroRange),
        ("FALLOC_FL_INSERT_RANGE", (long)FallocateModes.InsertRange),
        ("FALLOC_FL_UNSHARE_RANGE", (long)FallocateModes.UnshareRange),
        ("FALLOC_FL_WRITE_ZEROES", (long)FallocateModes.WriteZeroes));

    [HeadersFact("fcntl.h", "linux/stat.h")]
    public void OpenFlags_EveryOneTheHeadersKnow_HasTheirValue() => SystemHeaders.AssertConstants(
        ["fcntl.h", "linux/stat.h"],
        ("O_WRONLY", OpenFlagNumbers.ToKernel(OpenFlags.WriteOnly)),
        ("O_RDWR", OpenFlagNumbers.ToKernel(OpenFlags.ReadWrite)),
        ("O_ACCMODE", OpenFlagNumbers.ToKernel(OpenFlags.AccessMode)),
        ("O_CREAT", OpenFlagNumbers.ToKernel(OpenFlags.Create)),
        ("O_EXCL", OpenFlagNumbers.ToKernel(OpenFlags.Exclusive)),
        ("O_NOCTTY", OpenFlagNumbers.ToKernel(OpenFlags.NoControllingTerminal)),
        ("O_TRUNC", OpenFlagNumbers.ToKernel(OpenFlags.Truncate)),
        ("O_APPEND", OpenFlagNumbers.ToKernel(OpenFlags.Append)),
        ("O_NONBLOCK", OpenFlagNumbers.ToKernel(OpenFlags.NonBlocking)),
        ("O_DSYNC", OpenFlagNumbers.ToKernel(OpenFlags.DataSync)),
        ("O_ASYNC", OpenFlagNumbers.ToKernel(OpenFlags.Async)),
        ("O_DIRECT", OpenFlagNumbers.ToKernel(OpenFlags.Direct)),
        ("O_DIRECTORY", OpenFlagNumbers.ToKernel(OpenFlags.Directory)),
        ("O_NOFOLLOW", OpenFlagNumbers.ToKernel(OpenFlags.NoFollow)),
        ("O_NOATIME", OpenFlagNumbers.ToKernel(OpenFlags.NoAccessTime)),
        ("O_CLOEXEC", OpenFlagNumbers.ToKernel(OpenFlags.CloseOnExec)),
        ("O_SYNC", OpenFlagNumbers.ToKernel(OpenFlags.Sync)),
        ("O_PATH", OpenFlagNumbers.ToKernel(OpenFlags.Path)),
        ("O_TMPFILE", OpenFlagNumbers.ToKernel(OpenFlags.TemporaryFile)),
        ("F_GETFD", Libc.GetDescriptorFlags),
        ("F_SETFD", Libc.SetDescriptorFlags),
        ("F_GETFL", Libc.GetStatusFlags),
        ("F_SETFL", Libc.SetStatusFlags),
        ("FD_CLOEXEC", Libc.DescriptorCloseOnExec),
        ("AT_FDCWD", Libc.CurrentDirectory),
        ("AT_SYMLINK_NOFOLLOW", Libc.NoFollowLink),
        ("AT_EMPTY_PATH", Libc.EmptyPath),
        ("STATX_BASIC_STATS", Libc.StatxBasic));
}
