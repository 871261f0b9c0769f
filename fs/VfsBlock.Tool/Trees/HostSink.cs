using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>
/// Puts a tree into a directory of the host. What has a name already is replaced, a directory keeps what is in it; nothing is reached through a symbolic link below
/// the top, so that no image can write outside it. What an ordinary user cannot set is noted and left.
/// </summary>
/// <remarks>One thread. Owns the directory. Keeps the attributes of directories until <see cref="Finish"/>.</remarks>
internal sealed class HostSink : ITreeSink, IDisposable
{
    private const uint PrivateFile = 0x180;
    private const uint PrivateDirectory = 0x1C0;
    private const uint SetIdBits = 0xC00;
    private const int TypeShift = 12;

    private readonly HostDirectory _top;
    private readonly TransferReport _report;
    private readonly DataCopy _copy;
    private readonly List<TreeEntry> _directories = [];
    private byte[] _lastPath = [];
    private HostDirectory _lastDirectory;

    /// <summary>Begins in a directory, which it owns from then on.</summary>
    public HostSink(HostDirectory top, TransferReport report, DataCopy copy) => (_top, _lastDirectory, _report, _copy) = (top, top, report, copy);

    /// <inheritdoc/>
    public void Add(TreeEntry entry)
    {
        if (entry.Path.Length == 0)
        {
            _directories.Add(entry with { Data = null });
            return;
        }

        Errno error = Open(BytePath.DirectoryOf(entry.Path), out HostDirectory directory);
        ReadOnlySpan<byte> name = BytePath.NameOf(entry.Path);
        error = error == Errno.None ? Make(directory, name, entry) : error;
        if (error != Errno.None)
        {
            ThrowIfOver(error);
            _report.LeaveOut(entry.Path, "cannot make it", error);
        }
        else if (entry.Type == InodeType.Directory)
        {
            _directories.Add(entry with { Data = null });
        }
        else if (entry.LinkTo is null)
        {
            SetAttributes(directory, name, entry);
        }
    }

    /// <inheritdoc/>
    public void Finish()
    {
        // The innermost first: a directory may end up closed to us, and what happens in it changes its times.
        for (int index = _directories.Count - 1; index >= 0; index--)
        {
            TreeEntry entry = _directories[index];
            Errno error = Open(BytePath.DirectoryOf(entry.Path), out HostDirectory directory);
            if (error == Errno.None)
            {
                SetAttributes(directory, entry.Path.Length == 0 ? "."u8 : BytePath.NameOf(entry.Path), entry);
            }
            else
            {
                _report.Lose("attributes of directories", entry.Path, error);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_lastDirectory != _top)
        {
            _lastDirectory.Dispose();
        }

        _top.Dispose();
    }

    private static void ThrowIfOver(Errno error)
    {
        if (error is Errno.ENOSPC or Errno.EDQUOT or Errno.EROFS or Errno.EIO)
        {
            throw new ToolException($"cannot write there: {ErrnoText.Describe(error)}", ExitCode.Failed);
        }
    }

    private Errno Open(ReadOnlySpan<byte> path, out HostDirectory directory)
    {
        directory = _lastDirectory;
        if (path.SequenceEqual(_lastPath))
        {
            return Errno.None;
        }

        directory = _top;
        foreach (byte[] name in BytePath.Split(path))
        {
            HostDirectory? next = directory.TryOpenDirectory(name, out Errno error);
            if (directory != _top)
            {
                directory.Dispose();
            }

            if (next is null)
            {
                directory = _top;
                return error;
            }

            directory = next;
        }

        if (_lastDirectory != _top && _lastDirectory != directory)
        {
            _lastDirectory.Dispose();
        }

        (_lastPath, _lastDirectory) = (path.ToArray(), directory);
        return Errno.None;
    }

    private Errno Make(HostDirectory directory, ReadOnlySpan<byte> name, TreeEntry entry)
    {
        if (entry.Type == InodeType.Directory)
        {
            Errno made = directory.MakeDirectory(name, PrivateDirectory);
            if (made != Errno.EEXIST || !IsDirectory(directory, name))
            {
                return made;
            }

            // Of somebody else's it fails, and may be good enough as it is.
            directory.SetMode(name, PrivateDirectory);
            return Errno.None;
        }

        Errno error = MakeNew(directory, name, entry);
        if (error == Errno.EEXIST)
        {
            error = directory.Unlink(name);
            error = error == Errno.None ? MakeNew(directory, name, entry) : error;
        }

        return error;
    }

    private static bool IsDirectory(HostDirectory directory, ReadOnlySpan<byte> name) =>
        directory.GetStatus(name, out HostStatus status) == Errno.None && (InodeType)(status.Mode >> TypeShift) == InodeType.Directory;

    private Errno MakeNew(HostDirectory directory, ReadOnlySpan<byte> name, TreeEntry entry)
    {
        if (entry.LinkTo is { } linkTo)
        {
            return Link(directory, name, linkTo);
        }

        return entry.Type switch
        {
            InodeType.SymbolicLink => directory.MakeSymbolicLink(name, entry.Target),
            InodeType.Regular => MakeFile(directory, name, entry),
            _ => directory.MakeNode(name, ((uint)entry.Type << TypeShift) | PrivateFile, entry.Device),
        };
    }

    private Errno Link(HostDirectory directory, ReadOnlySpan<byte> name, byte[] linkTo)
    {
        HostDirectory from = _top;
        Errno error = Errno.None;
        foreach (byte[] part in BytePath.Split(BytePath.DirectoryOf(linkTo)))
        {
            HostDirectory? next = from.TryOpenDirectory(part, out error);
            if (from != _top)
            {
                from.Dispose();
            }

            from = next ?? _top;
            if (next is null)
            {
                break;
            }
        }

        error = error == Errno.None ? directory.Link(from, BytePath.NameOf(linkTo), name) : error;
        if (from != _top)
        {
            from.Dispose();
        }

        return error;
    }

    private Errno MakeFile(HostDirectory directory, ReadOnlySpan<byte> name, TreeEntry entry)
    {
        using HostFile? file = directory.TryOpenFile(name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, PrivateFile, out Errno error);
        if (file is null)
        {
            return error;
        }

        if (entry.Data is { } data)
        {
            (Errno readError, Errno writeError) = _copy.Copy(data, (offset, bytes) => file.WriteAllAt(bytes, offset).Error);
            ThrowIfOver(writeError);
            if ((readError == Errno.None ? writeError : readError) is not Errno.None and var failed)
            {
                _report.LeaveOut(entry.Path, "cannot copy all of it", failed);
            }
        }

        // It may end in a hole.
        return entry.SizeBytes == 0 ? Errno.None : file.Resize(entry.SizeBytes);
    }

    private void SetAttributes(HostDirectory directory, ReadOnlySpan<byte> name, TreeEntry entry)
    {
        uint permissions = entry.Permissions;
        Errno error = directory.SetOwner(name, entry.UserId, entry.GroupId);
        if (error != Errno.None)
        {
            // Nobody may act in the name of whoever unpacks.
            permissions &= ~SetIdBits;
            _report.Lose("owners", entry.Path, error);
        }

        foreach (TreeXattr xattr in entry.Xattrs)
        {
            error = directory.SetXattr(name, xattr.Name, xattr.Value);
            if (error != Errno.None)
            {
                _report.Lose($"extended attributes {NamespaceOf(xattr.Name)}", entry.Path, error);
            }
        }

        if (entry.Type != InodeType.SymbolicLink && directory.SetMode(name, permissions) is not Errno.None and var modeError)
        {
            _report.Lose("permissions", entry.Path, modeError);
        }

        error = directory.SetTimes(name, TimeOf(entry.AccessTime ?? entry.ModifyTime), TimeOf(entry.ModifyTime));
        if (error != Errno.None)
        {
            _report.Lose("times", entry.Path, error);
        }
    }

    private static HostTime TimeOf(Timestamp time) => new(time.Seconds, time.Nanoseconds);

    private static string NamespaceOf(ReadOnlySpan<byte> name) => $"{ByteText.Show(name[..Math.Max(name.IndexOf((byte)'.'), 0)])}.*";
}
