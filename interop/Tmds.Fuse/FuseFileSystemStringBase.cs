using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Tmds.Fuse;

/// <summary>A file system that has no operation yet, with paths as strings: override what it can do.</summary>
/// <remarks>Each call allocates its strings; <see cref="FuseFileSystemBase"/> does without.</remarks>
public class FuseFileSystemStringBase : FuseFileSystemBase
{
    private readonly Encoding _pathEncoding;

    /// <summary>A file system whose names are in <paramref name="encoding"/>; bytes that it does not know are replaced.</summary>
    public FuseFileSystemStringBase(Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        _pathEncoding = encoding;
    }

    /// <inheritdoc cref="FuseFileSystemBase.RootPath"/>
    public static new string RootPath => "/";

    /// <inheritdoc/>
    public override int GetAttr(ReadOnlySpan<byte> path, ref stat stat, FuseFileInfoRef fiRef) =>
        GetAttr(Text(path), ref stat, fiRef);

    /// <inheritdoc cref="IFuseFileSystem.GetAttr(ReadOnlySpan{byte}, ref stat, FuseFileInfoRef)"/>
    public virtual int GetAttr(string path, ref stat stat, FuseFileInfoRef fiRef) => -ENOSYS;

    /// <inheritdoc/>
    public override int ReadLink(ReadOnlySpan<byte> path, Span<byte> buffer) =>
        ReadLink(Text(path), buffer);

    /// <inheritdoc cref="IFuseFileSystem.ReadLink(ReadOnlySpan{byte}, Span{byte})"/>
    public virtual int ReadLink(string path, Span<byte> buffer) => -ENOSYS;

    /// <inheritdoc/>
    public override int MkDir(ReadOnlySpan<byte> path, mode_t mode) =>
        MkDir(Text(path), mode);

    /// <inheritdoc cref="IFuseFileSystem.MkDir(ReadOnlySpan{byte}, mode_t)"/>
    public virtual int MkDir(string path, mode_t mode) => -ENOSYS;

    /// <inheritdoc/>
    public override int Unlink(ReadOnlySpan<byte> path) =>
        Unlink(Text(path));

    /// <inheritdoc cref="IFuseFileSystem.Unlink(ReadOnlySpan{byte})"/>
    public virtual int Unlink(string path) => -ENOSYS;

    /// <inheritdoc/>
    public override int RmDir(ReadOnlySpan<byte> path) =>
        RmDir(Text(path));

    /// <inheritdoc cref="IFuseFileSystem.RmDir(ReadOnlySpan{byte})"/>
    public virtual int RmDir(string path) => -ENOSYS;

    /// <inheritdoc/>
    public override int SymLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target) =>
        SymLink(Text(path), Text(target));

    /// <inheritdoc cref="IFuseFileSystem.SymLink(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public virtual int SymLink(string path, string target) => -ENOSYS;

    /// <inheritdoc/>
    public override int Rename(ReadOnlySpan<byte> path, ReadOnlySpan<byte> newPath, int flags) =>
        Rename(Text(path), Text(newPath), flags);

    /// <inheritdoc cref="IFuseFileSystem.Rename(ReadOnlySpan{byte}, ReadOnlySpan{byte}, int)"/>
    public virtual int Rename(string path, string newPath, int flags) => -ENOSYS;

    /// <inheritdoc/>
    public override int Link(ReadOnlySpan<byte> fromPath, ReadOnlySpan<byte> toPath) =>
        Link(Text(fromPath), Text(toPath));

    /// <inheritdoc cref="IFuseFileSystem.Link(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public virtual int Link(string fromPath, string toPath) => -ENOSYS;

    /// <inheritdoc/>
    public override int ChMod(ReadOnlySpan<byte> path, mode_t mode, FuseFileInfoRef fiRef) =>
        ChMod(Text(path), mode, fiRef);

    /// <inheritdoc cref="IFuseFileSystem.ChMod(ReadOnlySpan{byte}, mode_t, FuseFileInfoRef)"/>
    public virtual int ChMod(string path, mode_t mode, FuseFileInfoRef fiRef) => -ENOSYS;

    /// <inheritdoc/>
    public override int Chown(ReadOnlySpan<byte> path, uint uid, uint gid, FuseFileInfoRef fiRef) =>
        Chown(Text(path), uid, gid, fiRef);

    /// <inheritdoc cref="IFuseFileSystem.Chown(ReadOnlySpan{byte}, uint, uint, FuseFileInfoRef)"/>
    public virtual int Chown(string path, uint uid, uint gid, FuseFileInfoRef fiRef) => -ENOSYS;

    /// <inheritdoc/>
    public override int Truncate(ReadOnlySpan<byte> path, ulong length, FuseFileInfoRef fiRef) =>
        Truncate(Text(path), length, fiRef);

    /// <inheritdoc cref="IFuseFileSystem.Truncate(ReadOnlySpan{byte}, ulong, FuseFileInfoRef)"/>
    public virtual int Truncate(string path, ulong length, FuseFileInfoRef fiRef) => -ENOSYS;

    /// <inheritdoc/>
    public override int UpdateTimestamps(ReadOnlySpan<byte> path, ref timespec atime, ref timespec mtime, FuseFileInfoRef fiRef) =>
        UpdateTimestamps(Text(path), ref atime, ref mtime, fiRef);

    /// <inheritdoc cref="IFuseFileSystem.UpdateTimestamps(ReadOnlySpan{byte}, ref timespec, ref timespec, FuseFileInfoRef)"/>
    public virtual int UpdateTimestamps(string path, ref timespec atime, ref timespec mtime, FuseFileInfoRef fiRef) => -ENOSYS;

    /// <inheritdoc/>
    public override int Open(ReadOnlySpan<byte> path, ref FuseFileInfo fi) =>
        Open(Text(path), ref fi);

    /// <inheritdoc cref="IFuseFileSystem.Open(ReadOnlySpan{byte}, ref FuseFileInfo)"/>
    public virtual int Open(string path, ref FuseFileInfo fi) => -ENOSYS;

    /// <inheritdoc/>
    public override int Create(ReadOnlySpan<byte> path, mode_t mode, ref FuseFileInfo fi) =>
        Create(Text(path), mode, ref fi);

    /// <inheritdoc cref="IFuseFileSystem.Create(ReadOnlySpan{byte}, mode_t, ref FuseFileInfo)"/>
    public virtual int Create(string path, mode_t mode, ref FuseFileInfo fi) => -ENOSYS;

    /// <inheritdoc/>
    public override void Release(ReadOnlySpan<byte> path, ref FuseFileInfo fi) =>
        Release(Text(path), ref fi);

    /// <inheritdoc cref="IFuseFileSystem.Release(ReadOnlySpan{byte}, ref FuseFileInfo)"/>
    public virtual void Release(string path, ref FuseFileInfo fi)
    {
    }

    /// <inheritdoc/>
    public override int Read(ReadOnlySpan<byte> path, ulong offset, Span<byte> buffer, ref FuseFileInfo fi) =>
        Read(Text(path), offset, buffer, ref fi);

    /// <inheritdoc cref="IFuseFileSystem.Read(ReadOnlySpan{byte}, ulong, Span{byte}, ref FuseFileInfo)"/>
    public virtual int Read(string path, ulong offset, Span<byte> buffer, ref FuseFileInfo fi) => -ENOSYS;

    /// <inheritdoc/>
    public override int Write(ReadOnlySpan<byte> path, ulong offset, ReadOnlySpan<byte> buffer, ref FuseFileInfo fi) =>
        Write(Text(path), offset, buffer, ref fi);

    /// <inheritdoc cref="IFuseFileSystem.Write(ReadOnlySpan{byte}, ulong, ReadOnlySpan{byte}, ref FuseFileInfo)"/>
    public virtual int Write(string path, ulong offset, ReadOnlySpan<byte> buffer, ref FuseFileInfo fi) => -ENOSYS;

    /// <inheritdoc/>
    public override int Flush(ReadOnlySpan<byte> path, ref FuseFileInfo fi) =>
        Flush(Text(path), ref fi);

    /// <inheritdoc cref="IFuseFileSystem.Flush(ReadOnlySpan{byte}, ref FuseFileInfo)"/>
    public virtual int Flush(string path, ref FuseFileInfo fi) => -ENOSYS;

    /// <inheritdoc/>
    public override int FSync(ReadOnlySpan<byte> path, ref FuseFileInfo fi) =>
        FSync(Text(path), ref fi);

    /// <inheritdoc cref="IFuseFileSystem.FSync(ReadOnlySpan{byte}, ref FuseFileInfo)"/>
    public virtual int FSync(string path, ref FuseFileInfo fi) => -ENOSYS;

    /// <inheritdoc/>
    public override int FSync(ReadOnlySpan<byte> path, bool onlyData, ref FuseFileInfo fi) =>
        FSync(Text(path), onlyData, ref fi);

    /// <inheritdoc cref="IFuseFileSystem.FSync(ReadOnlySpan{byte}, bool, ref FuseFileInfo)"/>
    public virtual int FSync(string path, bool onlyData, ref FuseFileInfo fi) => FSync(path, ref fi);

    /// <inheritdoc/>
    public override int FAllocate(ReadOnlySpan<byte> path, int mode, ulong offset, long length, ref FuseFileInfo fi) =>
        FAllocate(Text(path), mode, offset, length, ref fi);

    /// <inheritdoc cref="IFuseFileSystem.FAllocate(ReadOnlySpan{byte}, int, ulong, long, ref FuseFileInfo)"/>
    public virtual int FAllocate(string path, int mode, ulong offset, long length, ref FuseFileInfo fi) => -ENOSYS;

    /// <inheritdoc/>
    public override int OpenDir(ReadOnlySpan<byte> path, ref FuseFileInfo fi) =>
        OpenDir(Text(path), ref fi);

    /// <inheritdoc cref="IFuseFileSystem.OpenDir(ReadOnlySpan{byte}, ref FuseFileInfo)"/>
    public virtual int OpenDir(string path, ref FuseFileInfo fi) => 0;

    /// <inheritdoc/>
    public override int ReadDir(ReadOnlySpan<byte> path, ulong offset, ReadDirFlags flags, DirectoryContent content, ref FuseFileInfo fi) =>
        ReadDir(Text(path), offset, flags, content, ref fi);

    /// <inheritdoc cref="IFuseFileSystem.ReadDir(ReadOnlySpan{byte}, ulong, ReadDirFlags, DirectoryContent, ref FuseFileInfo)"/>
    public virtual int ReadDir(string path, ulong offset, ReadDirFlags flags, DirectoryContent content, ref FuseFileInfo fi) => -ENOSYS;

    /// <inheritdoc/>
    public override int ReleaseDir(ReadOnlySpan<byte> path, ref FuseFileInfo fi) =>
        ReleaseDir(Text(path), ref fi);

    /// <inheritdoc cref="IFuseFileSystem.ReleaseDir(ReadOnlySpan{byte}, ref FuseFileInfo)"/>
    public virtual int ReleaseDir(string path, ref FuseFileInfo fi) => -ENOSYS;

    /// <inheritdoc/>
    public override int Access(ReadOnlySpan<byte> path, mode_t mode) =>
        Access(Text(path), mode);

    /// <inheritdoc cref="IFuseFileSystem.Access(ReadOnlySpan{byte}, mode_t)"/>
    public virtual int Access(string path, mode_t mode) => -ENOSYS;

    /// <inheritdoc/>
    public override int StatFS(ReadOnlySpan<byte> path, ref statvfs statfs) =>
        StatFS(Text(path), ref statfs);

    /// <inheritdoc cref="IFuseFileSystem.StatFS(ReadOnlySpan{byte}, ref statvfs)"/>
    public virtual int StatFS(string path, ref statvfs statfs) => -ENOSYS;

    /// <inheritdoc/>
    public override int SetXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, int flags) =>
        SetXAttr(Text(path), Text(name), data, flags);

    /// <inheritdoc cref="IFuseFileSystem.SetXAttr(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, int)"/>
    public virtual int SetXAttr(string path, string name, ReadOnlySpan<byte> data, int flags) => -ENOSYS;

    /// <inheritdoc/>
    public override int GetXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, Span<byte> data) =>
        GetXAttr(Text(path), Text(name), data);

    /// <inheritdoc cref="IFuseFileSystem.GetXAttr(ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte})"/>
    public virtual int GetXAttr(string path, string name, Span<byte> data) => -ENOSYS;

    /// <inheritdoc/>
    public override int ListXAttr(ReadOnlySpan<byte> path, Span<byte> list) =>
        ListXAttr(Text(path), list);

    /// <inheritdoc cref="IFuseFileSystem.ListXAttr(ReadOnlySpan{byte}, Span{byte})"/>
    public virtual int ListXAttr(string path, Span<byte> list) => -ENOSYS;

    /// <inheritdoc/>
    public override int RemoveXAttr(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name) =>
        RemoveXAttr(Text(path), Text(name));

    /// <inheritdoc cref="IFuseFileSystem.RemoveXAttr(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public virtual int RemoveXAttr(string path, string name) => -ENOSYS;

    private string Text(ReadOnlySpan<byte> bytes) => _pathEncoding.GetString(bytes);
}
