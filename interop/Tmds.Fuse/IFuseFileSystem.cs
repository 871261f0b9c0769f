using Tmds.Linux;

namespace Tmds.Fuse;

/// <summary>A file system by paths. Derive from <see cref="FuseFileSystemBase"/> rather than implement all of it.</summary>
/// <remarks>
/// <para>Paths are absolute in the mount, without NUL, in the bytes that the caller used. They and the buffers are valid during the call only.</para>
/// <para>Operations return 0, or a count of bytes, or a negated error number: <c>-ENOENT</c>. <c>-ENOSYS</c> says that there is no such operation;
/// the caller then gets the error that its man page has for that. An exception gives the caller EIO and the log a line.</para>
/// <para>While an operation runs, nothing on its path is renamed or removed through this mount.</para>
/// </remarks>
public interface IFuseFileSystem : IDisposable
{
    /// <summary>Whether operations may run at the same time on several threads.</summary>
    bool SupportsMultiThreading { get; }

    /// <summary>stat(2). The struct arrives zeroed; the type in <see cref="stat.st_mode"/> must be set.</summary>
    int GetAttr(ReadOnlySpan<byte> path, ref stat stat, FuseFileInfoRef fiRef);

    /// <summary>readlink(2): fills the buffer with the target and a NUL and returns 0.</summary>
    int ReadLink(ReadOnlySpan<byte> path, Span<byte> buffer);

    /// <summary>mkdir(2).</summary>
    int MkDir(ReadOnlySpan<byte> path, mode_t mode);

    /// <summary>unlink(2). A file that is open is renamed first and removed with its last close, unless mounted with <c>hard_remove</c>.</summary>
    int Unlink(ReadOnlySpan<byte> path);

    /// <summary>rmdir(2).</summary>
    int RmDir(ReadOnlySpan<byte> path);

    /// <summary>symlink(2).</summary>
    int SymLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target);

    /// <summary>renameat2(2): flags are 0, <see cref="LibC.RENAME_NOREPLACE"/> or <see cref="LibC.RENAME_EXCHANGE"/>; EINVAL for one that is not there.</summary>
    int Rename(ReadOnlySpan<byte> path, ReadOnlySpan<byte> newPath, int flags);

    /// <summary>link(2). The two paths are two files to the kernel, with caches of their own.</summary>
    int Link(ReadOnlySpan<byte> fromPath, ReadOnlySpan<byte> toPath);

    /// <summary>chmod(2).</summary>
    int ChMod(ReadOnlySpan<byte> path, mode_t mode, FuseFileInfoRef fiRef);

    /// <summary>chown(2): <see cref="uint.MaxValue"/> leaves an id as it is.</summary>
    int Chown(ReadOnlySpan<byte> path, uint uid, uint gid, FuseFileInfoRef fiRef);

    /// <summary>truncate(2), in bytes.</summary>
    int Truncate(ReadOnlySpan<byte> path, ulong length, FuseFileInfoRef fiRef);

    /// <summary>utimensat(2): see <see cref="TimespecExtensions.IsNow"/> and <see cref="TimespecExtensions.IsOmit"/>.</summary>
    int UpdateTimestamps(ReadOnlySpan<byte> path, ref timespec atime, ref timespec mtime, FuseFileInfoRef fiRef);

    /// <summary>open(2) of a file that is there. O_TRUNC comes with it.</summary>
    int Open(ReadOnlySpan<byte> path, ref FuseFileInfo fi);

    /// <summary>open(2) of a file that is to be made.</summary>
    int Create(ReadOnlySpan<byte> path, mode_t mode, ref FuseFileInfo fi);

    /// <summary>The last descriptor of an open file is closed.</summary>
    void Release(ReadOnlySpan<byte> path, ref FuseFileInfo fi);

    /// <summary>pread(2): returns the bytes filled, fewer only at the end of the file.</summary>
    int Read(ReadOnlySpan<byte> path, ulong offset, Span<byte> buffer, ref FuseFileInfo fi);

    /// <summary>pwrite(2): returns the bytes written.</summary>
    int Write(ReadOnlySpan<byte> path, ulong offset, ReadOnlySpan<byte> buffer, ref FuseFileInfo fi);

    /// <summary>close(2), once for each descriptor; what it returns is what close returns.</summary>
    int Flush(ReadOnlySpan<byte> path, ref FuseFileInfo fi);

    /// <summary>fsync(2).</summary>
    int FSync(ReadOnlySpan<byte> path, ref FuseFileInfo fi);

    /// <summary>fsync(2), or fdatasync(2) if <paramref name="onlyData"/>. Calls <see cref="FSync(ReadOnlySpan{byte}, ref FuseFileInfo)"/> unless overridden.</summary>
    int FSync(ReadOnlySpan<byte> path, bool onlyData, ref FuseFileInfo fi) => FSync(path, ref fi);

    /// <summary>fallocate(2), in bytes.</summary>
    int FAllocate(ReadOnlySpan<byte> path, int mode, ulong offset, long length, ref FuseFileInfo fi);

    /// <summary>opendir(3).</summary>
    int OpenDir(ReadOnlySpan<byte> path, ref FuseFileInfo fi);

    /// <summary>readdir(3): adds all names to <paramref name="content"/>; <paramref name="offset"/> is always 0.</summary>
    int ReadDir(ReadOnlySpan<byte> path, ulong offset, ReadDirFlags flags, DirectoryContent content, ref FuseFileInfo fi);

    /// <summary>closedir(3).</summary>
    int ReleaseDir(ReadOnlySpan<byte> path, ref FuseFileInfo fi);

    /// <summary>fsync(2) of a directory.</summary>
    int FSyncDir(ReadOnlySpan<byte> readOnlySpan, bool onlyData, ref FuseFileInfo fi);

    /// <summary>access(2). Not called where the mount has <c>default_permissions</c>.</summary>
    int Access(ReadOnlySpan<byte> path, mode_t mode);

    /// <summary>statvfs(3).</summary>
    int StatFS(ReadOnlySpan<byte> path, ref statvfs statfs);

    /// <summary>setxattr(2).</summary>
    int SetXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, int flags);

    /// <summary>getxattr(2): returns the value's length; the buffer is empty if only that is asked for. ERANGE if it is too short, ENODATA if there is none.</summary>
    int GetXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, Span<byte> data);

    /// <summary>listxattr(2): names, each followed by a NUL; returns their length as <see cref="GetXAttr"/> does.</summary>
    int ListXAttr(ReadOnlySpan<byte> path, Span<byte> list);

    /// <summary>removexattr(2).</summary>
    int RemoveXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name);
}
