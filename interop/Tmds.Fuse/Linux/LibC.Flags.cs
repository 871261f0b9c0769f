namespace Tmds.Linux;

/// <content>Flags of open(2), access(2), fallocate(2), renameat2(2) and setxattr(2), with the numbers of x86-64.</content>
public static partial class LibC
{
    /// <summary>Open for reading.</summary>
    public const int O_RDONLY = 0x0;

    /// <summary>Open for writing.</summary>
    public const int O_WRONLY = 0x1;

    /// <summary>Open for both.</summary>
    public const int O_RDWR = 0x2;

    /// <summary>The bits of these three.</summary>
    public const int O_ACCMODE = 0x3;

    /// <summary>Create the file if it is not there.</summary>
    public const int O_CREAT = 0x40;

    /// <summary>Fail if it is there.</summary>
    public const int O_EXCL = 0x80;

    /// <summary>Never a controlling terminal.</summary>
    public const int O_NOCTTY = 0x100;

    /// <summary>Empty the file.</summary>
    public const int O_TRUNC = 0x200;

    /// <summary>Every write goes to the end.</summary>
    public const int O_APPEND = 0x400;

    /// <summary>Do not wait.</summary>
    public const int O_NONBLOCK = 0x800;

    /// <summary>Data are durable when a write returns.</summary>
    public const int O_DSYNC = 0x1000;

    /// <summary>Signal when I/O is possible.</summary>
    public const int O_ASYNC = 0x2000;

    /// <summary>Bypass caches.</summary>
    public const int O_DIRECT = 0x4000;

    /// <summary>Offsets have 64 bits.</summary>
    public const int O_LARGEFILE = 0x8000;

    /// <summary>Fail if it is no directory.</summary>
    public const int O_DIRECTORY = 0x10000;

    /// <summary>Fail if it is a symbolic link.</summary>
    public const int O_NOFOLLOW = 0x20000;

    /// <summary>Leave the access time.</summary>
    public const int O_NOATIME = 0x40000;

    /// <summary>Close on exec.</summary>
    public const int O_CLOEXEC = 0x80000;

    /// <summary>Data and attributes are durable when a write returns.</summary>
    public const int O_SYNC = 0x101000;

    /// <summary>A descriptor of the name alone.</summary>
    public const int O_PATH = 0x200000;

    /// <summary>A file without a name.</summary>
    public const int O_TMPFILE = 0x410000;

    /// <summary>Is there.</summary>
    public const int F_OK = 0x0;

    /// <summary>May be run or entered.</summary>
    public const int X_OK = 0x1;

    /// <summary>May be written.</summary>
    public const int W_OK = 0x2;

    /// <summary>May be read.</summary>
    public const int R_OK = 0x4;

    /// <summary>Leave the size.</summary>
    public const int FALLOC_FL_KEEP_SIZE = 0x1;

    /// <summary>Free the range.</summary>
    public const int FALLOC_FL_PUNCH_HOLE = 0x2;

    /// <summary>Take the range out.</summary>
    public const int FALLOC_FL_COLLAPSE_RANGE = 0x8;

    /// <summary>Zero the range.</summary>
    public const int FALLOC_FL_ZERO_RANGE = 0x10;

    /// <summary>Put a hole in.</summary>
    public const int FALLOC_FL_INSERT_RANGE = 0x20;

    /// <summary>Fail if the new name is there.</summary>
    public const int RENAME_NOREPLACE = 0x1;

    /// <summary>Exchange the two.</summary>
    public const int RENAME_EXCHANGE = 0x2;

    /// <summary>Leave a whiteout.</summary>
    public const int RENAME_WHITEOUT = 0x4;

    /// <summary>Fail if the attribute is there.</summary>
    public const int XATTR_CREATE = 0x1;

    /// <summary>Fail if it is not.</summary>
    public const int XATTR_REPLACE = 0x2;
}
