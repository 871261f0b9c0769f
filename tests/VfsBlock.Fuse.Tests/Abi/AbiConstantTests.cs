using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>Numbers of the protocol that belong to no struct, beside those of the system's header.</summary>
public sealed class AbiConstantTests
{
    private const string Header = "linux/fuse.h";

    private static readonly Dictionary<string, long> Constants = new()
    {
        ["FUSE_KERNEL_VERSION"] = FuseProtocol.Major,
        ["FUSE_ROOT_ID"] = (long)NodeId.Root.Value,
        ["FUSE_MIN_READ_BUFFER"] = FuseProtocol.MinReadBufferBytes,
        ["FUSE_IOCTL_MAX_IOV"] = FuseProtocol.MaxIoctlVectorCount,
        ["FUSE_COMPAT_INIT_OUT_SIZE"] = FuseProtocol.CompatInitOutBytes,
        ["FUSE_COMPAT_22_INIT_OUT_SIZE"] = FuseProtocol.Compat22InitOutBytes,
        ["FUSE_COMPAT_SETXATTR_IN_SIZE"] = FuseProtocol.CompatSetXattrInBytes,
        ["FUSE_DEV_IOC_CLONE"] = FuseDeviceIoctl.Clone,
        ["FUSE_DEV_IOC_BACKING_OPEN"] = FuseDeviceIoctl.BackingOpen,
        ["FUSE_DEV_IOC_BACKING_CLOSE"] = FuseDeviceIoctl.BackingClose,
        ["FUSE_DEV_IOC_SYNC_INIT"] = FuseDeviceIoctl.SyncInit,
        ["FUSE_LOOKUP"] = (long)FuseOpcode.Lookup,
        ["FUSE_FORGET"] = (long)FuseOpcode.Forget,
        ["FUSE_GETATTR"] = (long)FuseOpcode.GetAttr,
        ["FUSE_SETATTR"] = (long)FuseOpcode.SetAttr,
        ["FUSE_READLINK"] = (long)FuseOpcode.ReadLink,
        ["FUSE_SYMLINK"] = (long)FuseOpcode.SymLink,
        ["FUSE_MKNOD"] = (long)FuseOpcode.Mknod,
        ["FUSE_MKDIR"] = (long)FuseOpcode.Mkdir,
        ["FUSE_UNLINK"] = (long)FuseOpcode.Unlink,
        ["FUSE_RMDIR"] = (long)FuseOpcode.Rmdir,
        ["FUSE_RENAME"] = (long)FuseOpcode.Rename,
        ["FUSE_LINK"] = (long)FuseOpcode.Link,
        ["FUSE_OPEN"] = (long)FuseOpcode.Open,
        ["FUSE_READ"] = (long)FuseOpcode.Read,
        ["FUSE_WRITE"] = (long)FuseOpcode.Write,
        ["FUSE_STATFS"] = (long)FuseOpcode.Statfs,
        ["FUSE_RELEASE"] = (long)FuseOpcode.Release,
        ["FUSE_FSYNC"] = (long)FuseOpcode.Fsync,
        ["FUSE_SETXATTR"] = (long)FuseOpcode.SetXattr,
        ["FUSE_GETXATTR"] = (long)FuseOpcode.GetXattr,
        ["FUSE_LISTXATTR"] = (long)FuseOpcode.ListXattr,
        ["FUSE_REMOVEXATTR"] = (long)FuseOpcode.RemoveXattr,
        ["FUSE_FLUSH"] = (long)FuseOpcode.Flush,
        ["FUSE_INIT"] = (long)FuseOpcode.Init,
        ["FUSE_OPENDIR"] = (long)FuseOpcode.OpenDir,
        ["FUSE_READDIR"] = (long)FuseOpcode.ReadDir,
        ["FUSE_RELEASEDIR"] = (long)FuseOpcode.ReleaseDir,
        ["FUSE_FSYNCDIR"] = (long)FuseOpcode.FsyncDir,
        ["FUSE_GETLK"] = (long)FuseOpcode.GetLock,
        ["FUSE_SETLK"] = (long)FuseOpcode.SetLock,
        ["FUSE_SETLKW"] = (long)FuseOpcode.SetLockWait,
        ["FUSE_ACCESS"] = (long)FuseOpcode.Access,
        ["FUSE_CREATE"] = (long)FuseOpcode.Create,
        ["FUSE_INTERRUPT"] = (long)FuseOpcode.Interrupt,
        ["FUSE_BMAP"] = (long)FuseOpcode.Bmap,
        ["FUSE_DESTROY"] = (long)FuseOpcode.Destroy,
        ["FUSE_IOCTL"] = (long)FuseOpcode.Ioctl,
        ["FUSE_POLL"] = (long)FuseOpcode.Poll,
        ["FUSE_NOTIFY_REPLY"] = (long)FuseOpcode.NotifyReply,
        ["FUSE_BATCH_FORGET"] = (long)FuseOpcode.BatchForget,
        ["FUSE_FALLOCATE"] = (long)FuseOpcode.Fallocate,
        ["FUSE_READDIRPLUS"] = (long)FuseOpcode.ReadDirPlus,
        ["FUSE_RENAME2"] = (long)FuseOpcode.Rename2,
        ["FUSE_LSEEK"] = (long)FuseOpcode.Lseek,
        ["FUSE_COPY_FILE_RANGE"] = (long)FuseOpcode.CopyFileRange,
        ["FUSE_SETUPMAPPING"] = (long)FuseOpcode.SetupMapping,
        ["FUSE_REMOVEMAPPING"] = (long)FuseOpcode.RemoveMapping,
        ["FUSE_SYNCFS"] = (long)FuseOpcode.SyncFs,
        ["FUSE_TMPFILE"] = (long)FuseOpcode.TmpFile,
        ["FUSE_STATX"] = (long)FuseOpcode.Statx,
        ["FUSE_COPY_FILE_RANGE_64"] = (long)FuseOpcode.CopyFileRange64,
        ["CUSE_INIT"] = (long)FuseOpcode.CuseInit,
        ["FUSE_ASYNC_READ"] = (long)FuseInitFlags.AsyncRead,
        ["FUSE_POSIX_LOCKS"] = (long)FuseInitFlags.PosixLocks,
        ["FUSE_FILE_OPS"] = (long)FuseInitFlags.FileOps,
        ["FUSE_ATOMIC_O_TRUNC"] = (long)FuseInitFlags.AtomicOpenTruncate,
        ["FUSE_EXPORT_SUPPORT"] = (long)FuseInitFlags.ExportSupport,
        ["FUSE_BIG_WRITES"] = (long)FuseInitFlags.BigWrites,
        ["FUSE_DONT_MASK"] = (long)FuseInitFlags.DontMask,
        ["FUSE_SPLICE_WRITE"] = (long)FuseInitFlags.SpliceWrite,
        ["FUSE_SPLICE_MOVE"] = (long)FuseInitFlags.SpliceMove,
        ["FUSE_SPLICE_READ"] = (long)FuseInitFlags.SpliceRead,
        ["FUSE_FLOCK_LOCKS"] = (long)FuseInitFlags.FlockLocks,
        ["FUSE_HAS_IOCTL_DIR"] = (long)FuseInitFlags.HasIoctlDirectory,
        ["FUSE_AUTO_INVAL_DATA"] = (long)FuseInitFlags.AutoInvalidateData,
        ["FUSE_DO_READDIRPLUS"] = (long)FuseInitFlags.DoReadDirPlus,
        ["FUSE_READDIRPLUS_AUTO"] = (long)FuseInitFlags.ReadDirPlusAuto,
        ["FUSE_ASYNC_DIO"] = (long)FuseInitFlags.AsyncDirectIo,
        ["FUSE_WRITEBACK_CACHE"] = (long)FuseInitFlags.WritebackCache,
        ["FUSE_NO_OPEN_SUPPORT"] = (long)FuseInitFlags.NoOpenSupport,
        ["FUSE_PARALLEL_DIROPS"] = (long)FuseInitFlags.ParallelDirectoryOperations,
        ["FUSE_HANDLE_KILLPRIV"] = (long)FuseInitFlags.HandleKillPriv,
        ["FUSE_POSIX_ACL"] = (long)FuseInitFlags.PosixAcl,
        ["FUSE_ABORT_ERROR"] = (long)FuseInitFlags.AbortError,
        ["FUSE_MAX_PAGES"] = (long)FuseInitFlags.MaxPages,
        ["FUSE_CACHE_SYMLINKS"] = (long)FuseInitFlags.CacheSymlinks,
        ["FUSE_NO_OPENDIR_SUPPORT"] = (long)FuseInitFlags.NoOpenDirSupport,
        ["FUSE_EXPLICIT_INVAL_DATA"] = (long)FuseInitFlags.ExplicitInvalidateData,
        ["FUSE_MAP_ALIGNMENT"] = (long)FuseInitFlags.MapAlignment,
        ["FUSE_SUBMOUNTS"] = (long)FuseInitFlags.Submounts,
        ["FUSE_HANDLE_KILLPRIV_V2"] = (long)FuseInitFlags.HandleKillPrivV2,
        ["FUSE_SETXATTR_EXT"] = (long)FuseInitFlags.SetXattrExtension,
        ["FUSE_INIT_EXT"] = (long)FuseInitFlags.InitExtension,
        ["FUSE_SECURITY_CTX"] = (long)FuseInitFlags.SecurityContext,
        ["FUSE_HAS_INODE_DAX"] = (long)FuseInitFlags.HasInodeDax,
        ["FUSE_CREATE_SUPP_GROUP"] = (long)FuseInitFlags.CreateSupplementaryGroup,
        ["FUSE_HAS_EXPIRE_ONLY"] = (long)FuseInitFlags.HasExpireOnly,
        ["FUSE_DIRECT_IO_ALLOW_MMAP"] = (long)FuseInitFlags.DirectIoAllowMmap,
        ["FUSE_PASSTHROUGH"] = (long)FuseInitFlags.Passthrough,
        ["FUSE_NO_EXPORT_SUPPORT"] = (long)FuseInitFlags.NoExportSupport,
        ["FUSE_HAS_RESEND"] = (long)FuseInitFlags.HasResend,
        ["FUSE_ALLOW_IDMAP"] = (long)FuseInitFlags.AllowIdmap,
        ["FUSE_OVER_IO_URING"] = (long)FuseInitFlags.OverIoUring,
        ["FUSE_REQUEST_TIMEOUT"] = (long)FuseInitFlags.RequestTimeout,
        ["FATTR_MODE"] = (long)FuseSetAttrValid.Mode,
        ["FATTR_UID"] = (long)FuseSetAttrValid.Uid,
        ["FATTR_GID"] = (long)FuseSetAttrValid.Gid,
        ["FATTR_SIZE"] = (long)FuseSetAttrValid.Size,
        ["FATTR_ATIME"] = (long)FuseSetAttrValid.Atime,
        ["FATTR_MTIME"] = (long)FuseSetAttrValid.Mtime,
        ["FATTR_FH"] = (long)FuseSetAttrValid.FileHandle,
        ["FATTR_ATIME_NOW"] = (long)FuseSetAttrValid.AtimeNow,
        ["FATTR_MTIME_NOW"] = (long)FuseSetAttrValid.MtimeNow,
        ["FATTR_LOCKOWNER"] = (long)FuseSetAttrValid.LockOwner,
        ["FATTR_CTIME"] = (long)FuseSetAttrValid.Ctime,
        ["FATTR_KILL_SUIDGID"] = (long)FuseSetAttrValid.KillSuidGid,
        ["FOPEN_DIRECT_IO"] = (long)FuseOpenFlags.DirectIo,
        ["FOPEN_KEEP_CACHE"] = (long)FuseOpenFlags.KeepCache,
        ["FOPEN_NONSEEKABLE"] = (long)FuseOpenFlags.NonSeekable,
        ["FOPEN_CACHE_DIR"] = (long)FuseOpenFlags.CacheDirectory,
        ["FOPEN_STREAM"] = (long)FuseOpenFlags.Stream,
        ["FOPEN_NOFLUSH"] = (long)FuseOpenFlags.NoFlush,
        ["FOPEN_PARALLEL_DIRECT_WRITES"] = (long)FuseOpenFlags.ParallelDirectWrites,
        ["FOPEN_PASSTHROUGH"] = (long)FuseOpenFlags.Passthrough,
        ["FUSE_ATTR_SUBMOUNT"] = (long)FuseAttrFlags.Submount,
        ["FUSE_ATTR_DAX"] = (long)FuseAttrFlags.Dax,
        ["FUSE_GETATTR_FH"] = (long)FuseGetAttrFlags.FileHandle,
        ["FUSE_OPEN_KILL_SUIDGID"] = (long)FuseOpenInFlags.KillSuidGid,
        ["FUSE_WRITE_CACHE"] = (long)FuseWriteFlags.Cache,
        ["FUSE_WRITE_LOCKOWNER"] = (long)FuseWriteFlags.LockOwner,
        ["FUSE_WRITE_KILL_SUIDGID"] = (long)FuseWriteFlags.KillSuidGid,
        ["FUSE_READ_LOCKOWNER"] = (long)FuseReadFlags.LockOwner,
        ["FUSE_RELEASE_FLUSH"] = (long)FuseReleaseFlags.Flush,
        ["FUSE_RELEASE_FLOCK_UNLOCK"] = (long)FuseReleaseFlags.FlockUnlock,
        ["FUSE_FSYNC_FDATASYNC"] = (long)FuseFsyncFlags.DataOnly,
        ["FUSE_SETXATTR_ACL_KILL_SGID"] = (long)FuseSetXattrFlags.AclKillSgid,
        ["FUSE_LK_FLOCK"] = (long)FuseLockFlags.Flock,
        ["FUSE_IOCTL_COMPAT"] = (long)FuseIoctlFlags.Compat,
        ["FUSE_IOCTL_UNRESTRICTED"] = (long)FuseIoctlFlags.Unrestricted,
        ["FUSE_IOCTL_RETRY"] = (long)FuseIoctlFlags.Retry,
        ["FUSE_IOCTL_32BIT"] = (long)FuseIoctlFlags.Is32Bit,
        ["FUSE_IOCTL_DIR"] = (long)FuseIoctlFlags.Directory,
        ["FUSE_IOCTL_COMPAT_X32"] = (long)FuseIoctlFlags.CompatX32,
        ["FUSE_POLL_SCHEDULE_NOTIFY"] = (long)FusePollFlags.ScheduleNotify,
        ["FUSE_EXPIRE_ONLY"] = (long)FuseInvalidateEntryFlags.ExpireOnly,
        ["FUSE_SETUPMAPPING_FLAG_WRITE"] = (long)FuseSetupMappingFlags.Write,
        ["FUSE_SETUPMAPPING_FLAG_READ"] = (long)FuseSetupMappingFlags.Read,
        ["CUSE_UNRESTRICTED_IOCTL"] = (long)CuseInitFlags.UnrestrictedIoctl,
        ["FUSE_MAX_NR_SECCTX"] = (long)FuseExtensionType.MaxSecurityContextCount,
        ["FUSE_EXT_GROUPS"] = (long)FuseExtensionType.SupplementaryGroups,
        ["FUSE_NOTIFY_POLL"] = (long)FuseNotifyCode.Poll,
        ["FUSE_NOTIFY_INVAL_INODE"] = (long)FuseNotifyCode.InvalidateInode,
        ["FUSE_NOTIFY_INVAL_ENTRY"] = (long)FuseNotifyCode.InvalidateEntry,
        ["FUSE_NOTIFY_STORE"] = (long)FuseNotifyCode.Store,
        ["FUSE_NOTIFY_RETRIEVE"] = (long)FuseNotifyCode.Retrieve,
        ["FUSE_NOTIFY_DELETE"] = (long)FuseNotifyCode.Delete,
        ["FUSE_NOTIFY_RESEND"] = (long)FuseNotifyCode.Resend,
        ["FUSE_NOTIFY_INC_EPOCH"] = (long)FuseNotifyCode.IncrementEpoch,
        ["FUSE_NOTIFY_PRUNE"] = (long)FuseNotifyCode.Prune,
    };

    [HeadersFact(Header)]
    public void Constants_ThoseOfTheSystemsHeader_AreTheSame()
    {
        IReadOnlyDictionary<string, long> answers = SystemHeaders.Ask([Header], Constants.Keys);

        Assert.Equal(
            answers.OrderBy(answer => answer.Key, StringComparer.Ordinal),
            Constants.Where(constant => answers.ContainsKey(constant.Key)).OrderBy(constant => constant.Key, StringComparer.Ordinal));
        Assert.True(answers.Count >= 120, $"the header answered only {answers.Count} of {Constants.Count}");
    }

    [Fact]
    public void Constants_NewerThanDebiansHeader_AreTheProtocols()
    {
        // From the type information of kernel 6.18 and from the requests it sends; the header of Debian 12 ends at 7.38.
        Assert.Equal(52u, (uint)FuseOpcode.Statx);
        Assert.Equal(53u, (uint)FuseOpcode.CopyFileRange64);
        Assert.Equal([7, 8, 9], [(int)FuseNotifyCode.Resend, (int)FuseNotifyCode.IncrementEpoch, (int)FuseNotifyCode.Prune]);
        Assert.Equal(32u, (uint)FuseExtensionType.SupplementaryGroups);
        Assert.Equal(0x80u, (uint)FuseOpenFlags.Passthrough);
        Assert.Equal([1u, 2u], [(uint)FuseUringCommand.Register, (uint)FuseUringCommand.CommitAndFetch]);
        Assert.Equal(1ul << 34, (ulong)FuseInitFlags.CreateSupplementaryGroup);
        Assert.Equal(1ul << 36, (ulong)FuseInitFlags.DirectIoAllowMmap);
        Assert.Equal(1ul << 37, (ulong)FuseInitFlags.Passthrough);
        Assert.Equal(1ul << 38, (ulong)FuseInitFlags.NoExportSupport);
        Assert.Equal(1ul << 39, (ulong)FuseInitFlags.HasResend);
        Assert.Equal(1ul << 40, (ulong)FuseInitFlags.AllowIdmap);
        Assert.Equal(1ul << 41, (ulong)FuseInitFlags.OverIoUring);
        Assert.Equal(1ul << 42, (ulong)FuseInitFlags.RequestTimeout);
        Assert.Equal(1ul << 43, (ulong)FuseInitFlags.HasIoUringBufferPool);
    }

    [Fact]
    public void InitFlags_SplitAndJoined_AreTheSame()
    {
        const FuseInitFlags Flags = FuseInitFlags.InitExtension | FuseInitFlags.HasResend | FuseInitFlags.AsyncRead;

        Assert.Equal(0x4000_0001u, Flags.Low());
        Assert.Equal(0x80u, Flags.High());
        Assert.Equal(Flags, FuseInitFlagsExtensions.Join(0x4000_0001, 0x80));
    }

    [Fact]
    public void InitFlags_HighHalfWithoutInitExtension_IsIgnored()
    {
        var init = new FuseInitIn { FlagsLow = 1, FlagsHigh = 0xffff_ffff };

        Assert.Equal(FuseInitFlags.AsyncRead, init.Offered());
    }

    [Theory]
    [InlineData(4096, 8192)]
    [InlineData(8112, 8192)]
    [InlineData(8113, 8193)]
    [InlineData(1048576, 1048656)]
    public void ReadBufferBytes_OfAMaxWrite_HoldsHeadersAndData(int maxWriteBytes, int expected)
    {
        Assert.Equal(expected, FuseProtocol.ReadBufferBytes(maxWriteBytes));
    }
}
