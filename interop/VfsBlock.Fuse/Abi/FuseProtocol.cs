namespace VfsBlock.Fuse;

/// <summary>Numbers of the protocol that belong to no struct (linux/fuse.h, fs/fuse/dev.c).</summary>
public static class FuseProtocol
{
    /// <summary>Major version spoken here; another one ends the connection.</summary>
    public const uint Major = 7;

    /// <summary>Highest minor version spoken here (kernel 6.18).</summary>
    public const uint Minor = 45;

    /// <summary>Bytes of <see cref="FuseInHeader"/>.</summary>
    public const int InHeaderBytes = 40;

    /// <summary>Bytes of <see cref="FuseOutHeader"/>.</summary>
    public const int OutHeaderBytes = 16;

    /// <summary>Smallest buffer that read(2) of the device takes (FUSE_MIN_READ_BUFFER).</summary>
    public const int MinReadBufferBytes = 8192;

    /// <summary>Smallest <see cref="FuseInitOut.MaxWrite"/>; the kernel raises less to it.</summary>
    public const int MinMaxWriteBytes = 4096;

    /// <summary>Pages of a request where MAX_PAGES was not agreed (FUSE_DEFAULT_MAX_PAGES_PER_REQ).</summary>
    public const int DefaultMaxPages = 32;

    /// <summary>
    /// Longest name in bytes that a Linux file system has (NAME_MAX). The kernel does not enforce it for FUSE.
    /// </summary>
    public const int MaxNameBytes = 255;

    /// <summary>Longest target of a symbolic link in bytes (PATH_MAX less the NUL).</summary>
    public const int MaxLinkTargetBytes = 4095;

    /// <summary>Longest value of an extended attribute, and longest list of their names, in bytes.</summary>
    public const int MaxXattrBytes = 65536;

    /// <summary>Directory records and extensions are padded to this many bytes.</summary>
    public const int RecordAlignmentBytes = 8;

    /// <summary>Ranges a retried ioctl may name (FUSE_IOCTL_MAX_IOV).</summary>
    public const int MaxIoctlVectorCount = 256;

    /// <summary>
    /// Set in <see cref="FuseInHeader.Unique"/> of a request sent again after RESEND; the reply keeps it.
    /// </summary>
    public const ulong ResentUniqueBit = 1ul << 63;

    /// <summary>Bytes of <see cref="FuseInitOut"/> for a kernel before 7.5 (FUSE_COMPAT_INIT_OUT_SIZE).</summary>
    public const int CompatInitOutBytes = 8;

    /// <summary>
    /// Bytes of <see cref="FuseInitOut"/> for a kernel of 7.5 to 7.22 (FUSE_COMPAT_22_INIT_OUT_SIZE).
    /// </summary>
    public const int Compat22InitOutBytes = 24;

    /// <summary>
    /// Bytes of <see cref="FuseSetXattrIn"/> unless SETXATTR_EXT was agreed (FUSE_COMPAT_SETXATTR_IN_SIZE).
    /// </summary>
    public const int CompatSetXattrInBytes = 8;

    /// <summary>Smallest buffer for a read(2) of the device that can carry a write of a given length.</summary>
    /// <param name="maxWriteBytes">Longest write agreed in INIT.</param>
    /// <returns>Bytes: room for the header, the argument and the data, but never under the kernel's floor.</returns>
    public static int ReadBufferBytes(int maxWriteBytes) =>
        Math.Max(MinReadBufferBytes, InHeaderBytes + 40 + maxWriteBytes);

    /// <summary>Rounds the length of a directory record or an extension up to <see cref="RecordAlignmentBytes"/>.</summary>
    /// <param name="lengthBytes">Its length without padding, 0 or more.</param>
    internal static int AlignRecord(int lengthBytes) =>
        (lengthBytes + RecordAlignmentBytes - 1) & -RecordAlignmentBytes;
}
