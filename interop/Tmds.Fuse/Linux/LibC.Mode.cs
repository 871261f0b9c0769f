namespace Tmds.Linux;

/// <content>Types, permissions and times of files: inode(7), utimensat(2).</content>
public static partial class LibC
{
    /// <summary>In <see cref="timespec.tv_nsec"/>: the time it is now.</summary>
    public const int UTIME_NOW = 0x3fffffff;

    /// <summary>In <see cref="timespec.tv_nsec"/>: leave the time as it is.</summary>
    public const int UTIME_OMIT = 0x3ffffffe;

    /// <summary>The bits of the type.</summary>
    public static mode_t S_IFMT => 0xf000;

    /// <summary>A socket.</summary>
    public static mode_t S_IFSOCK => 0xc000;

    /// <summary>A symbolic link.</summary>
    public static mode_t S_IFLNK => 0xa000;

    /// <summary>A regular file.</summary>
    public static mode_t S_IFREG => 0x8000;

    /// <summary>A block device.</summary>
    public static mode_t S_IFBLK => 0x6000;

    /// <summary>A directory.</summary>
    public static mode_t S_IFDIR => 0x4000;

    /// <summary>A character device.</summary>
    public static mode_t S_IFCHR => 0x2000;

    /// <summary>A FIFO.</summary>
    public static mode_t S_IFIFO => 0x1000;

    /// <summary>Runs with the rights of its owner.</summary>
    public static mode_t S_ISUID => 0x800;

    /// <summary>Runs with the rights of its group.</summary>
    public static mode_t S_ISGID => 0x400;

    /// <summary>Sticky: only owners remove names.</summary>
    public static mode_t S_ISVTX => 0x200;

    /// <summary>The owner may all.</summary>
    public static mode_t S_IRWXU => 0x1c0;

    /// <summary>The owner may read.</summary>
    public static mode_t S_IRUSR => 0x100;

    /// <summary>The owner may write.</summary>
    public static mode_t S_IWUSR => 0x80;

    /// <summary>The owner may run or enter.</summary>
    public static mode_t S_IXUSR => 0x40;

    /// <summary>The group may all.</summary>
    public static mode_t S_IRWXG => 0x38;

    /// <summary>The group may read.</summary>
    public static mode_t S_IRGRP => 0x20;

    /// <summary>The group may write.</summary>
    public static mode_t S_IWGRP => 0x10;

    /// <summary>The group may run or enter.</summary>
    public static mode_t S_IXGRP => 0x8;

    /// <summary>Others may all.</summary>
    public static mode_t S_IRWXO => 0x7;

    /// <summary>Others may read.</summary>
    public static mode_t S_IROTH => 0x4;

    /// <summary>Others may write.</summary>
    public static mode_t S_IWOTH => 0x2;

    /// <summary>Others may run or enter.</summary>
    public static mode_t S_IXOTH => 0x1;

    /// <summary>Whether it is a directory.</summary>
    public static bool S_ISDIR(mode_t mode) => (mode & S_IFMT) == S_IFDIR;

    /// <summary>Whether it is a character device.</summary>
    public static bool S_ISCHR(mode_t mode) => (mode & S_IFMT) == S_IFCHR;

    /// <summary>Whether it is a block device.</summary>
    public static bool S_ISBLK(mode_t mode) => (mode & S_IFMT) == S_IFBLK;

    /// <summary>Whether it is a regular file.</summary>
    public static bool S_ISREG(mode_t mode) => (mode & S_IFMT) == S_IFREG;

    /// <summary>Whether it is a FIFO.</summary>
    public static bool S_ISFIFO(mode_t mode) => (mode & S_IFMT) == S_IFIFO;

    /// <summary>Whether it is a symbolic link.</summary>
    public static bool S_ISLNK(mode_t mode) => (mode & S_IFMT) == S_IFLNK;

    /// <summary>Whether it is a socket.</summary>
    public static bool S_ISSOCK(mode_t mode) => (mode & S_IFMT) == S_IFSOCK;
}
