using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Tmds.Fuse.Tests;

/// <summary>Implements the interface as the package published it, without a base and without what was added here: that it compiles is the test.</summary>
public sealed class PublishedFileSystem : IFuseFileSystem
{
    /// <summary>How often FSync was called.</summary>
    public int SyncCount { get; private set; }

    public bool SupportsMultiThreading => false;

    public void Dispose()
    {
    }

    public int GetAttr(ReadOnlySpan<byte> path, ref stat stat, FuseFileInfoRef fiRef) => -ENOSYS;

    public int ReadLink(ReadOnlySpan<byte> path, Span<byte> buffer) => -ENOSYS;

    public int MkDir(ReadOnlySpan<byte> path, mode_t mode) => -ENOSYS;

    public int Unlink(ReadOnlySpan<byte> path) => -ENOSYS;

    public int RmDir(ReadOnlySpan<byte> path) => -ENOSYS;

    public int SymLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target) => -ENOSYS;

    public int Rename(ReadOnlySpan<byte> path, ReadOnlySpan<byte> newPath, int flags) => -ENOSYS;

    public int Link(ReadOnlySpan<byte> fromPath, ReadOnlySpan<byte> toPath) => -ENOSYS;

    public int ChMod(ReadOnlySpan<byte> path, mode_t mode, FuseFileInfoRef fiRef) => -ENOSYS;

    public int Chown(ReadOnlySpan<byte> path, uint uid, uint gid, FuseFileInfoRef fiRef) => -ENOSYS;

    public int Truncate(ReadOnlySpan<byte> path, ulong length, FuseFileInfoRef fiRef) => -ENOSYS;

    public int UpdateTimestamps(ReadOnlySpan<byte> path, ref timespec atime, ref timespec mtime, FuseFileInfoRef fiRef) => -ENOSYS;

    public int Open(ReadOnlySpan<byte> path, ref FuseFileInfo fi) => -ENOSYS;

    public int Create(ReadOnlySpan<byte> path, mode_t mode, ref FuseFileInfo fi) => -ENOSYS;

    public void Release(ReadOnlySpan<byte> path, ref FuseFileInfo fi)
    {
    }

    public int Read(ReadOnlySpan<byte> path, ulong offset, Span<byte> buffer, ref FuseFileInfo fi) => -ENOSYS;

    public int Write(ReadOnlySpan<byte> path, ulong offset, ReadOnlySpan<byte> buffer, ref FuseFileInfo fi) => -ENOSYS;

    public int Flush(ReadOnlySpan<byte> path, ref FuseFileInfo fi) => -ENOSYS;

    public int FSync(ReadOnlySpan<byte> path, ref FuseFileInfo fi)
    {
        SyncCount++;
        return 0;
    }

    public int FAllocate(ReadOnlySpan<byte> path, int mode, ulong offset, long length, ref FuseFileInfo fi) => -ENOSYS;

    public int OpenDir(ReadOnlySpan<byte> path, ref FuseFileInfo fi) => -ENOSYS;

    public int ReadDir(ReadOnlySpan<byte> path, ulong offset, ReadDirFlags flags, DirectoryContent content, ref FuseFileInfo fi) => -ENOSYS;

    public int ReleaseDir(ReadOnlySpan<byte> path, ref FuseFileInfo fi) => -ENOSYS;

    public int FSyncDir(ReadOnlySpan<byte> readOnlySpan, bool onlyData, ref FuseFileInfo fi) => -ENOSYS;

    public int Access(ReadOnlySpan<byte> path, mode_t mode) => -ENOSYS;

    public int StatFS(ReadOnlySpan<byte> path, ref statvfs statfs) => -ENOSYS;

    public int SetXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, int flags) => -ENOSYS;

    public int GetXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, Span<byte> data) => -ENOSYS;

    public int ListXAttr(ReadOnlySpan<byte> path, Span<byte> list) => -ENOSYS;

    public int RemoveXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name) => -ENOSYS;
}
