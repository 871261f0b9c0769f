using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>A directory, or anything else, of the host. Symbolic links are taken as links.</summary>
/// <remarks>One thread. Opens one directory for each level, and one file at a time.</remarks>
internal sealed class HostSource : ITreeSource
{
    private const uint PermissionMask = 0xFFF;
    private const int TypeShift = 12;
    private const int SectorBytes = 512;

    private readonly byte[] _path;
    private readonly byte[] _root;
    private readonly TransferReport _report;
    private readonly Dictionary<(ulong FileSystem, ulong Inode), byte[]> _linked = [];

    /// <summary>Takes what has a path.</summary>
    /// <param name="path">Where it is; if that is a link to a directory, and ends in '/', it is followed.</param>
    /// <param name="root">The path that it gets on its way; empty if it is the top.</param>
    /// <param name="report">What is told of what cannot be read.</param>
    public HostSource(byte[] path, byte[] root, TransferReport report) => (_path, _root, _report) = (path, root, report);

    /// <summary>A file that is not taken though it is there: the image itself. Zero for none.</summary>
    public (ulong FileSystem, ulong Inode) Excluded { get; init; }

    /// <summary>True to stay on the file system of the top: what is mounted in it is an empty directory.</summary>
    public bool StaysOnFileSystem { get; init; }

    /// <inheritdoc/>
    public IEnumerable<TreeEntry> Read()
    {
        (HostDirectory parent, byte[] name) = OpenParent();
        using (parent)
        {
            Errno error = parent.GetStatus(name, out HostStatus status);
            if (error != Errno.None)
            {
                throw new ToolException($"cannot look at '{ByteText.Show(_path)}': {ErrnoText.Describe(error)}", ExitCode.Failed);
            }

            foreach (TreeEntry entry in Walk(parent, name, status))
            {
                yield return entry;
            }
        }
    }

    private IEnumerable<TreeEntry> Walk(HostDirectory parent, byte[] top, HostStatus topStatus)
    {
        var levels = new Stack<(HostDirectory Directory, List<byte[]> Names, byte[] Path)>();
        try
        {
            // The top is as a directory's only name.
            levels.Push((parent, [top], []));
            while (levels.TryPeek(out (HostDirectory Directory, List<byte[]> Names, byte[] Path) level))
            {
                if (level.Names.Count == 0)
                {
                    levels.Pop();
                    Close(level.Directory, parent);
                    continue;
                }

                byte[] name = level.Names[^1];
                level.Names.RemoveAt(level.Names.Count - 1);
                byte[] path = levels.Count == 1 ? _root : BytePath.Join(level.Path, name);
                if (!TryLook(level.Directory, name, path, out HostStatus status))
                {
                    continue;
                }

#pragma warning disable CA2000 // it is disposed when the next entry is asked for
                using HostFileData? data = OpenData(level.Directory, name, path, status, out bool isReadable);
#pragma warning restore CA2000
                if (!isReadable)
                {
                    continue;
                }

                yield return EntryOf(level.Directory, name, path, status, data);
                if (TypeOf(status) == InodeType.Directory && (!StaysOnFileSystem || status.FileSystem == topStatus.FileSystem))
                {
                    Enter(levels, level.Directory, name, path);
                }
            }
        }
        finally
        {
            while (levels.TryPop(out (HostDirectory Directory, List<byte[]>, byte[]) level))
            {
                Close(level.Directory, parent);
            }
        }
    }

    private static void Close(HostDirectory directory, HostDirectory parent)
    {
        if (directory != parent)
        {
            directory.Dispose();
        }
    }

    private static InodeType TypeOf(in HostStatus status) => (InodeType)(status.Mode >> TypeShift);

    // A path may end in a slash or be "..": then it is a directory, and asked by itself.
    private (HostDirectory Parent, byte[] Name) OpenParent()
    {
        ReadOnlySpan<byte> name = BytePath.NameOf(_path);
        bool isItself = name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8);
        byte[] path = isItself ? _path : [.. BytePath.DirectoryOf(_path)];
        path = path.Length > 0 ? path : _path.AsSpan().StartsWith("/"u8) ? [.. "/"u8] : [.. "."u8];
        return HostDirectory.TryOpen(path, out Errno error) is { } directory
            ? (directory, isItself ? [.. "."u8] : name.ToArray())
            : throw new ToolException($"cannot open '{ByteText.Show(path)}': {ErrnoText.Describe(error)}", ExitCode.Failed);
    }

    private bool TryLook(HostDirectory directory, byte[] name, byte[] path, out HostStatus status)
    {
        Errno error = directory.GetStatus(name, out status);
        if (error == Errno.None && Excluded != default && (status.FileSystem, status.Inode) == Excluded)
        {
            Complaint.Print($"{ByteText.Show(path)} is the image itself, and not taken", ExitCode.Success);
            return false;
        }

        if (error != Errno.None)
        {
            _report.LeaveOut(path, "cannot look at it", error);
        }

        return error == Errno.None;
    }

    private void Enter(Stack<(HostDirectory, List<byte[]>, byte[])> levels, HostDirectory parent, byte[] name, byte[] path)
    {
        HostDirectory? directory = parent.TryOpenDirectory(name, out Errno error);
        List<byte[]> names = [];
        error = directory?.ReadNames(out names) ?? error;
        if (error != Errno.None)
        {
            directory?.Dispose();
            _report.LeaveOut(path, "cannot list it", error);
            return;
        }

        names.Reverse();
        levels.Push((directory!, names, path));
    }

    private HostFileData? OpenData(HostDirectory directory, byte[] name, byte[] path, in HostStatus status, out bool isReadable)
    {
        isReadable = true;
        if (TypeOf(status) != InodeType.Regular || status.SizeBytes == 0 || _linked.ContainsKey((status.FileSystem, status.Inode)))
        {
            return null;
        }

        HostFile? file = directory.TryOpenFile(name, OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoAccessTime, 0, out Errno error);
        if (error == Errno.EPERM)
        {
            // Leaving the access time alone is for owners.
            file = directory.TryOpenFile(name, OpenFlags.ReadOnly | OpenFlags.NonBlocking, 0, out error);
        }

        isReadable = file is not null;
        if (file is null)
        {
            _report.LeaveOut(path, "cannot read it", error);
            return null;
        }

        return new HostFileData(file, status.SizeBytes, isSparse: status.SectorCount < status.SizeBytes / SectorBytes);
    }

    private TreeEntry EntryOf(HostDirectory directory, byte[] name, byte[] path, in HostStatus status, HostFileData? data)
    {
        InodeType type = TypeOf(status);
        byte[]? linkTo = null;
        if (status.LinkCount > 1 && type != InodeType.Directory && !_linked.TryAdd((status.FileSystem, status.Inode), path))
        {
            linkTo = _linked[(status.FileSystem, status.Inode)];
        }

        byte[] target = [];
        if (type == InodeType.SymbolicLink && directory.ReadLink(name, out target) is not Errno.None and var error)
        {
            _report.LeaveOut(path, "cannot read where it leads", error);
        }

        return new TreeEntry
        {
            Path = path,
            Type = type,
            Permissions = status.Mode & PermissionMask,
            UserId = status.UserId,
            GroupId = status.GroupId,
            ModifyTime = new Timestamp(status.ModifyTime.Seconds, status.ModifyTime.Nanoseconds),
            AccessTime = new Timestamp(status.AccessTime.Seconds, status.AccessTime.Nanoseconds),
            Device = type is InodeType.CharacterDevice or InodeType.BlockDevice ? status.Device : 0,
            SizeBytes = type == InodeType.Regular && linkTo is null ? status.SizeBytes : 0,
            Target = target,
            LinkTo = linkTo,
            Xattrs = linkTo is null ? XattrsOf(directory, name, path) : [],
            Data = data,
        };
    }

    private List<TreeXattr> XattrsOf(HostDirectory directory, byte[] name, byte[] path)
    {
        var xattrs = new List<TreeXattr>();
        Errno error = directory.ListXattrs(name, out List<byte[]> names);
        foreach (byte[] xattr in names)
        {
            error = directory.GetXattr(name, xattr, out byte[] value);
            if (error == Errno.None)
            {
                xattrs.Add(new TreeXattr(xattr, value));
            }
            else if (error != Errno.ENODATA)
            {
                _report.Lose("extended attributes", path, error);
            }
        }

        if (names.Count == 0 && error is not (Errno.None or Errno.EOPNOTSUPP))
        {
            _report.Lose("extended attributes", path, error);
        }

        return xattrs;
    }
}
