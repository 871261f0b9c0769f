namespace VfsBlock.Fuse;

/// <summary>What the kernel offers and the server agrees to in INIT.</summary>
/// <remarks>On the wire the low and the high half are two fields: see <see cref="FuseInitFlagsExtensions"/>.</remarks>
[Flags]
public enum FuseInitFlags : ulong
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Read-ahead requests may run side by side.</summary>
    AsyncRead = 1ul << 0,

    /// <summary>The server keeps the locks of fcntl(2).</summary>
    PosixLocks = 1ul << 1,

    /// <summary>Never offered.</summary>
    FileOps = 1ul << 2,

    /// <summary>
    /// O_TRUNC comes with the open. Must stay off where opens are not served: the truncation would be lost.
    /// </summary>
    AtomicOpenTruncate = 1ul << 3,

    /// <summary>Lookups of "." and ".." are served, so that nodes can be found again by file handle.</summary>
    ExportSupport = 1ul << 4,

    /// <summary>Writes may be longer than a page.</summary>
    BigWrites = 1ul << 5,

    /// <summary>The server applies the umask.</summary>
    DontMask = 1ul << 6,

    /// <summary>The kernel can splice from the device.</summary>
    SpliceWrite = 1ul << 7,

    /// <summary>The kernel can move spliced pages.</summary>
    SpliceMove = 1ul << 8,

    /// <summary>The kernel can splice to the device.</summary>
    SpliceRead = 1ul << 9,

    /// <summary>The server keeps the locks of flock(2).</summary>
    FlockLocks = 1ul << 10,

    /// <summary>ioctl(2) on directories is passed on.</summary>
    HasIoctlDirectory = 1ul << 11,

    /// <summary>Drop a file's cached data when its size or content time changes.</summary>
    AutoInvalidateData = 1ul << 12,

    /// <summary>Listings with attributes are served.</summary>
    DoReadDirPlus = 1ul << 13,

    /// <summary>The kernel chooses between the two kinds of listing.</summary>
    ReadDirPlusAuto = 1ul << 14,

    /// <summary>Asynchronous direct I/O may run side by side.</summary>
    AsyncDirectIo = 1ul << 15,

    /// <summary>The kernel delays writes and owns size and times.</summary>
    WritebackCache = 1ul << 16,

    /// <summary>ENOSYS to an open means that opens need not be sent.</summary>
    NoOpenSupport = 1ul << 17,

    /// <summary>Lookups and listings of one directory may run side by side.</summary>
    ParallelDirectoryOperations = 1ul << 18,

    /// <summary>The server clears set-user-id bits on write, truncate and chown by itself.</summary>
    HandleKillPriv = 1ul << 19,

    /// <summary>The server stores POSIX access control lists.</summary>
    PosixAcl = 1ul << 20,

    /// <summary>Reading the device of an aborted connection gives ECONNABORTED.</summary>
    AbortError = 1ul << 21,

    /// <summary><see cref="FuseInitOut.MaxPages"/> is valid.</summary>
    MaxPages = 1ul << 22,

    /// <summary>The kernel may cache targets of symbolic links.</summary>
    CacheSymlinks = 1ul << 23,

    /// <summary>ENOSYS to an opendir means that opendirs need not be sent.</summary>
    NoOpenDirSupport = 1ul << 24,

    /// <summary>Cached data are dropped only when the server says so.</summary>
    ExplicitInvalidateData = 1ul << 25,

    /// <summary><see cref="FuseInitOut.MapAlignment"/> is valid; virtiofs only.</summary>
    MapAlignment = 1ul << 26,

    /// <summary>Submounts are announced; virtiofs only.</summary>
    Submounts = 1ul << 27,

    /// <summary>The kernel says when set-user-id bits must go, and the server clears them.</summary>
    HandleKillPrivV2 = 1ul << 28,

    /// <summary><see cref="FuseSetXattrIn"/> comes with all its 16 bytes.</summary>
    SetXattrExtension = 1ul << 29,

    /// <summary>Bits 32 to 63 are valid. Without it the kernel ignores them.</summary>
    InitExtension = 1ul << 30,

    /// <summary>Security labels come with requests that create.</summary>
    SecurityContext = 1ul << 32,

    /// <summary>DAX can be chosen per node; virtiofs only.</summary>
    HasInodeDax = 1ul << 33,

    /// <summary>The matching supplementary group comes with requests that create.</summary>
    CreateSupplementaryGroup = 1ul << 34,

    /// <summary>A name can be expired without being dropped.</summary>
    HasExpireOnly = 1ul << 35,

    /// <summary>Files open for direct I/O can be mapped shared.</summary>
    DirectIoAllowMmap = 1ul << 36,

    /// <summary>Reads and writes can go to a backing file.</summary>
    Passthrough = 1ul << 37,

    /// <summary>Nodes cannot be found again by file handle.</summary>
    NoExportSupport = 1ul << 38,

    /// <summary>Unanswered requests can be sent again.</summary>
    HasResend = 1ul << 39,

    /// <summary>The mount may be id-mapped; needs default_permissions.</summary>
    AllowIdmap = 1ul << 40,

    /// <summary>Requests may come through io_uring.</summary>
    OverIoUring = 1ul << 41,

    /// <summary><see cref="FuseInitOut.RequestTimeout"/> is valid.</summary>
    RequestTimeout = 1ul << 42,

    /// <summary>Ring buffers may come from a pool (protocol 7.46).</summary>
    HasIoUringBufferPool = 1ul << 43,
}
