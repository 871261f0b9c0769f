using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace Tmds.Fuse;

/// <content>Open directories and their listings.</content>
internal sealed partial class PathFileSystem
{
    // What the API does not tell: libfuse's number for an unknown inode (0 would hide the entry), and DT_UNKNOWN.
    private const ulong UnknownInode = 0xffffffff;
    private const uint UnknownType = 0;

    /// <inheritdoc/>
    public override Errno OpenDir(FuseRequest request, NodeId node, in FuseOpenIn args, ref FuseOpenOut reply)
    {
        using PathHold hold = Hold(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        var file = new FuseFileInfo { flags = (int)args.Flags };
        Errno error = PlainErrorOf(_fileSystem.OpenDir(hold.Path, ref file), Errno.None);
        if (error == Errno.None)
        {
            reply.FileHandle = Interlocked.Increment(ref _lastDirectory);
            _directories[reply.FileHandle] = new OpenDirectory(file.fh);
        }

        return error;
    }

    /// <inheritdoc/>
    public override Errno ReadDir(FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryWriter entries)
    {
        if (!_directories.TryGetValue(args.FileHandle, out OpenDirectory? directory))
        {
            return Errno.EBADF;
        }

        lock (directory)
        {
            DirectoryListing listing = directory.Listing;
            Errno error = args.Offset == 0 ? List(node, directory, (int)args.Flags) : Errno.None;
            if (error != Errno.None)
            {
                return error;
            }

            // The cookie of an entry is the place of the next one.
            for (ulong index = args.Offset; index < (ulong)listing.Count; index++)
            {
                ReadOnlySpan<byte> name = listing[(int)index];
                bool isOurs = node == NodeId.Root && _paths.IsHidden(name);
                if (!isOurs && !entries.TryAdd(name, UnknownInode, UnknownType, index + 1))
                {
                    break;
                }
            }

            return Errno.None;
        }
    }

    /// <inheritdoc/>
    public override Errno ReleaseDir(FuseRequest request, NodeId node, in FuseReleaseIn args)
    {
        if (!_directories.TryRemove(args.FileHandle, out OpenDirectory? directory))
        {
            return Errno.EBADF;
        }

        using PathHold hold = HoldOpen(node);
        if (hold.Error == Errno.None)
        {
            var file = new FuseFileInfo { fh = directory.FileSystemHandle, flags = (int)args.Flags };
            _fileSystem.ReleaseDir(hold.Path, ref file);
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno FsyncDir(FuseRequest request, NodeId node, in FuseFsyncIn args)
    {
        if (!_directories.TryGetValue(args.FileHandle, out OpenDirectory? directory))
        {
            return Errno.EBADF;
        }

        using PathHold hold = HoldOpen(node);
        var file = new FuseFileInfo { fh = directory.FileSystemHandle };
        bool onlyData = (args.FsyncFlags & FuseFsyncFlags.DataOnly) != 0;
        return hold.Error != Errno.None
            ? hold.Error
            : PlainErrorOf(_fileSystem.FSyncDir(hold.Path, onlyData, ref file), Errno.EINVAL);
    }

    /// <summary>Has the file system list the directory anew.</summary>
    private Errno List(NodeId node, OpenDirectory directory, int flags)
    {
        using PathHold hold = Hold(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        directory.Listing.Clear();
        var file = new FuseFileInfo { fh = directory.FileSystemHandle, flags = flags };
        return PlainErrorOf(_fileSystem.ReadDir(hold.Path, 0, default, new DirectoryContent(directory.Listing), ref file), Errno.ENOTDIR);
    }
}
