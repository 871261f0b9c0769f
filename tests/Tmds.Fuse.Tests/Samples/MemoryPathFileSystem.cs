using System.Collections.Concurrent;
using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Tmds.Fuse.Tests;

/// <summary>
/// A whole file system in memory, written against the package's API alone: every operation, several at a time. Keeps a list of the calls. One lock
/// guards the tree.
/// </summary>
public partial class MemoryPathFileSystem : FuseFileSystemBase
{
    private readonly object _gate = new();
    private readonly MemoryEntry _root = new(S_IFDIR | 0b111_101_101);
    private readonly Dictionary<ulong, MemoryEntry> _open = [];
    private ulong _lastHandle;

    /// <summary>Calls that changed something or concern handles: <c>Unlink /a/b</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>How often it was disposed.</summary>
    public int DisposeCount { get; private set; }

    /// <summary>Files that are open.</summary>
    public int OpenCount
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    public override bool SupportsMultiThreading => true;

    public override void Dispose()
    {
        base.Dispose();
        DisposeCount++;
    }

    public override int GetAttr(ReadOnlySpan<byte> path, ref stat stat, FuseFileInfoRef fiRef)
    {
        lock (_gate)
        {
            int error = Find(path, fiRef, out MemoryEntry? entry);
            entry?.Describe(ref stat);
            return error;
        }
    }

    public override int Access(ReadOnlySpan<byte> path, mode_t mode)
    {
        Note(nameof(Access), path);
        lock (_gate)
        {
            return Find(path, default, out _);
        }
    }

    public override int ChMod(ReadOnlySpan<byte> path, mode_t mode, FuseFileInfoRef fiRef)
    {
        lock (_gate)
        {
            int error = Find(path, fiRef, out MemoryEntry? entry);
            if (entry is not null)
            {
                entry.Mode = (entry.Mode & S_IFMT) | (mode & ~S_IFMT);
                entry.Touch();
            }

            return error;
        }
    }

    public override int Chown(ReadOnlySpan<byte> path, uint uid, uint gid, FuseFileInfoRef fiRef)
    {
        lock (_gate)
        {
            int error = Find(path, fiRef, out MemoryEntry? entry);
            if (entry is not null)
            {
                entry.UserId = uid == uint.MaxValue ? entry.UserId : uid;
                entry.GroupId = gid == uint.MaxValue ? entry.GroupId : gid;
                entry.Touch();
            }

            return error;
        }
    }

    public override int UpdateTimestamps(ReadOnlySpan<byte> path, ref timespec atime, ref timespec mtime, FuseFileInfoRef fiRef)
    {
        lock (_gate)
        {
            int error = Find(path, fiRef, out MemoryEntry? entry);
            if (entry is not null)
            {
                timespec now = DateTime.UtcNow.ToTimespec();
                entry.Accessed = atime.IsOmit() ? entry.Accessed : atime.IsNow() ? now : atime;
                entry.Modified = mtime.IsOmit() ? entry.Modified : mtime.IsNow() ? now : mtime;
                entry.Touch();
            }

            return error;
        }
    }

    public override int StatFS(ReadOnlySpan<byte> path, ref statvfs statfs)
    {
        statfs.f_bsize = 4096;
        statfs.f_frsize = 4096;
        statfs.f_blocks = 1000;
        statfs.f_bfree = 600;
        statfs.f_bavail = 500;
        statfs.f_files = 70;
        statfs.f_ffree = 60;
        statfs.f_namemax = 200;
        return 0;
    }

    /// <summary>Makes a file as if it had come in from elsewhere.</summary>
    public void Put(string path, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            FindParent(Encoding.UTF8.GetBytes(path), out MemoryEntry? parent, out string name);
            if (!parent!.Children.TryGetValue(name, out MemoryEntry? entry))
            {
                entry = new MemoryEntry(S_IFREG | 0b110_100_100);
                parent.Children.Add(name, entry);
            }

            entry.Resize(0);
            entry.Write(0, content);
        }
    }

    /// <summary>The names in a directory.</summary>
    public IReadOnlyList<string> Names(string path)
    {
        lock (_gate)
        {
            Find(Encoding.UTF8.GetBytes(path), default, out MemoryEntry? entry);
            return [.. entry!.Children.Keys];
        }
    }

    // One character a byte: names are bytes, whatever they mean.
    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private void Note(string operation, ReadOnlySpan<byte> path) => Calls.Enqueue($"{operation} {Encoding.UTF8.GetString(path)}");

    private int Find(ReadOnlySpan<byte> path, FuseFileInfoRef fiRef, out MemoryEntry? entry)
    {
        if (!fiRef.IsNull && _open.TryGetValue(fiRef.Value.fh, out entry))
        {
            return 0;
        }

        entry = _root;
        foreach (string name in Text(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!entry.IsDirectory)
            {
                entry = null;
                return -ENOTDIR;
            }

            if (!entry.Children.TryGetValue(name, out MemoryEntry? child))
            {
                entry = null;
                return -ENOENT;
            }

            entry = child;
        }

        return 0;
    }

    private int FindParent(ReadOnlySpan<byte> path, out MemoryEntry? parent, out string name)
    {
        int slash = path.LastIndexOf((byte)'/');
        name = Text(path[(slash + 1)..]);
        int error = Find(path[..slash], default, out parent);
        return error == 0 && !parent!.IsDirectory ? -ENOTDIR : error;
    }
}
