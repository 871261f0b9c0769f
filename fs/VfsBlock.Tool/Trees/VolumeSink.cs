using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>
/// Puts a tree into a directory of a volume. What has a name already is replaced, as tar(1) does; a directory keeps what is in it. Nothing is durable before the
/// caller makes it so, and after a crash the image holds the first part of what was done.
/// </summary>
/// <remarks>One thread. Keeps the attributes of directories until <see cref="Finish"/>, since making something in a directory changes its times.</remarks>
internal sealed class VolumeSink : ITreeSink
{
    private const uint NewDirectoryPermissions = 0x1ED;
    private const int TypeShift = 12;

    private readonly Volume _volume;
    private readonly InodeNumber _top;
    private readonly TransferReport _report;
    private readonly DataCopy _copy;
    private readonly List<(InodeNumber Inode, TreeEntry Entry)> _directories = [];
    private byte[] _lastPath = [];
    private InodeNumber _lastDirectory;

    /// <summary>Begins in a directory of a volume, which stays the caller's.</summary>
    public VolumeSink(Volume volume, InodeNumber top, TransferReport report, DataCopy copy) =>
        (_volume, _top, _lastDirectory, _report, _copy) = (volume, top, top, report, copy);

    /// <inheritdoc/>
    public void Add(TreeEntry entry)
    {
        if (entry.Path.Length == 0)
        {
            AddTop(entry);
            return;
        }

        Errno error = Open(BytePath.DirectoryOf(entry.Path), entry, out InodeNumber directory);
        InodeNumber made = default;
        error = error == Errno.None ? Make(directory, BytePath.NameOf(entry.Path), entry, out made) : error;
        if (error != Errno.None)
        {
            ThrowIfOver(error);
            _report.LeaveOut(entry.Path, "cannot make it in the image", error);
        }
        else if (entry.Type == InodeType.Directory)
        {
            _directories.Add((made, entry with { Data = null }));
        }
        else if (entry.LinkTo is null)
        {
            CopyData(made, entry);
            SetAttributes(made, entry);
        }
    }

    /// <inheritdoc/>
    public void Finish()
    {
        // The innermost first, though the order makes no difference to times that are set one by one.
        for (int index = _directories.Count - 1; index >= 0; index--)
        {
            SetAttributes(_directories[index].Inode, _directories[index].Entry);
        }
    }

    private static void ThrowIfOver(Errno error)
    {
        if (error is Errno.ENOSPC or Errno.EIO or Errno.EROFS)
        {
            string step = error == Errno.ENOSPC ? "; make room in it, or take a larger image" : "; check it with 'vfsblock check'";
            throw new ToolException($"cannot write to the image: {ErrnoText.Describe(error)}{step}", ExitCode.Failed);
        }
    }

    private void AddTop(TreeEntry entry)
    {
        if (entry.Type != InodeType.Directory)
        {
            throw new ToolException("only a directory can become the top of an image", ExitCode.Usage);
        }

        _directories.Add((_top, entry));
    }

    /// <summary>Finds a directory, and makes those on the way that a stream of tar may have left out.</summary>
    private Errno Open(ReadOnlySpan<byte> path, TreeEntry owner, out InodeNumber directory)
    {
        directory = _lastDirectory;
        if (path.SequenceEqual(_lastPath))
        {
            return Errno.None;
        }

        directory = _top;
        foreach (byte[] name in BytePath.Split(path))
        {
            Errno error = _volume.Lookup(directory, name, out InodeEntry entry);
            if (error == Errno.ENOENT)
            {
                error = _volume.MakeDirectory(directory, name, NewDirectoryPermissions, new Credentials(owner.UserId, owner.GroupId), out entry);
            }

            if (error != Errno.None)
            {
                return error;
            }

            directory = entry.Number;
        }

        (_lastPath, _lastDirectory) = (path.ToArray(), directory);
        return Errno.None;
    }

    private Errno Make(InodeNumber directory, ReadOnlySpan<byte> name, TreeEntry entry, out InodeNumber made)
    {
        Errno error = _volume.Lookup(directory, name, out InodeEntry existing);
        made = existing.Number;
        if (error == Errno.None && entry.Type == InodeType.Directory && existing.Attributes.IsDirectory)
        {
            return Errno.None;
        }

        InodeNumber linked = default;
        if (entry.LinkTo is { } path)
        {
            Errno found = Find(path, out linked);
            if (found != Errno.None || (error == Errno.None && linked == existing.Number))
            {
                return found;
            }
        }

        if (error == Errno.None)
        {
            error = existing.Attributes.IsDirectory ? _volume.RemoveDirectory(directory, name) : _volume.Unlink(directory, name);
        }

        if (error is not (Errno.None or Errno.ENOENT))
        {
            return error;
        }

        error = entry.LinkTo is null
            ? MakeNew(directory, name, entry, out InodeEntry inode)
            : _volume.Link(linked, directory, name, out inode);
        made = inode.Number;
        return error;
    }

    private Errno MakeNew(InodeNumber directory, ReadOnlySpan<byte> name, TreeEntry entry, out InodeEntry inode)
    {
        var owner = new Credentials(entry.UserId, entry.GroupId);
        return entry.Type switch
        {
            InodeType.Directory => _volume.MakeDirectory(directory, name, entry.Permissions, owner, out inode),
            InodeType.SymbolicLink => _volume.Symlink(directory, name, entry.Target, owner, out inode),
            InodeType.Regular => _volume.Create(directory, name, entry.Permissions, owner, out inode),
            _ => _volume.MakeNode(directory, name, ((uint)entry.Type << TypeShift) | entry.Permissions, entry.Device, owner, out inode),
        };
    }

    private Errno Find(byte[] path, out InodeNumber inode)
    {
        inode = _top;
        Errno error = Errno.None;
        foreach (byte[] name in BytePath.Split(path))
        {
            InodeEntry entry = default;
            error = error == Errno.None ? _volume.Lookup(inode, name, out entry) : error;
            inode = entry.Number;
        }

        return error;
    }

    private void CopyData(InodeNumber inode, TreeEntry entry)
    {
        long endBytes = 0;
        if (entry.Data is { } data)
        {
            (Errno readError, Errno writeError) = _copy.Copy(data, (offset, bytes) =>
            {
                endBytes = offset + bytes.Length;
                return _volume.Write(inode, (ulong)offset, bytes).Error;
            });
            ThrowIfOver(writeError);
            Errno error = readError == Errno.None ? writeError : readError;
            if (error != Errno.None)
            {
                _report.LeaveOut(entry.Path, "cannot copy all of it", error);
            }
        }

        if (entry.SizeBytes > endBytes)
        {
            // It ends in a hole.
            ThrowIfOver(_volume.SetSize(inode, (ulong)entry.SizeBytes));
        }
    }

    private void SetAttributes(InodeNumber inode, TreeEntry entry)
    {
        Errno error = RemoveInherited(inode);
        error = error == Errno.None
            ? _volume.SetAttributes(
                inode,
                new AttributeChange
                {
                    Fields = AttributeFields.UserId | AttributeFields.GroupId | AttributeFields.ModifyTime
                        | (entry.Type == InodeType.SymbolicLink ? 0 : AttributeFields.Mode)
                        | (entry.AccessTime is null ? 0 : AttributeFields.AccessTime),
                    Mode = entry.Permissions,
                    UserId = entry.UserId,
                    GroupId = entry.GroupId,
                    ModifyTime = entry.ModifyTime,
                    AccessTime = entry.AccessTime ?? default,
                },
                out _)
            : error;
        ThrowIfOver(error);
        if (error != Errno.None)
        {
            _report.Lose("attributes", entry.Path, error);
        }

        foreach (TreeXattr xattr in entry.Xattrs)
        {
            error = _volume.SetXattr(inode, xattr.Name, xattr.Value);
            ThrowIfOver(error);
            if (error != Errno.None)
            {
                _report.Lose("extended attributes", entry.Path, error);
            }
        }
    }

    // What a directory that was there before gave to what was made in it, or what a directory that is replaced had.
    private Errno RemoveInherited(InodeNumber inode)
    {
        Errno error = VolumeDirectory.ReadXattrs(_volume, inode, out List<TreeXattr> xattrs);
        foreach (TreeXattr xattr in xattrs)
        {
            error = error == Errno.None ? _volume.RemoveXattr(inode, xattr.Name) : error;
        }

        return error;
    }
}
