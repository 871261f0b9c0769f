using Tmds.Linux;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace Tmds.Fuse;

/// <content>Open files and their data.</content>
internal sealed partial class PathFileSystem
{
    /// <inheritdoc/>
    public override Errno Create(
        FuseRequest request, NodeId parent, in FuseCreateIn args, ReadOnlySpan<byte> name, ref FuseCreateOut reply)
    {
        using PathHold hold = Hold(parent, name);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        var file = new FuseFileInfo { flags = (int)args.Flags };
        Errno error = PlainErrorOf(_fileSystem.Create(hold.Path, (mode_t)args.Mode, ref file), Errno.EPERM);
        if (error != Errno.None)
        {
            return error;
        }

        bool isEntered = false;
        try
        {
            error = Enter(hold, hold.Path, hold.Node!, new FuseFileInfoRef(new Span<FuseFileInfo>(ref file)), ref reply.Entry);
            isEntered = error == Errno.None;
        }
        finally
        {
            if (!isEntered)
            {
                _fileSystem.Release(hold.Path, ref file);
            }
        }

        if (isEntered)
        {
            Opened(new NodeId(reply.Entry.NodeId), file, ref reply.Open);
        }

        return error;
    }

    /// <inheritdoc/>
    public override Errno Open(FuseRequest request, NodeId node, in FuseOpenIn args, ref FuseOpenOut reply)
    {
        using PathHold hold = Hold(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        var file = new FuseFileInfo { flags = (int)args.Flags };
        int result = _fileSystem.Open(hold.Path, ref file);
        if (result == -LibC.ENOSYS)
        {
            // A file system that need not know of opens. It must know of the truncation, which comes with this message only.
            result = (args.Flags & LibC.O_TRUNC) != 0 ? _fileSystem.Truncate(hold.Path, 0, default) : 0;
        }

        Errno error = PlainErrorOf(result, Errno.EPERM);
        if (error == Errno.None)
        {
            Opened(node, file, ref reply);
        }

        return error;
    }

    /// <inheritdoc/>
    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        using PathHold hold = HoldOpen(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        var file = new FuseFileInfo
        {
            fh = args.FileHandle,
            flags = (int)args.Flags,
            lock_owner = (args.ReadFlags & FuseReadFlags.LockOwner) != 0 ? args.LockOwner : 0,
        };
        int result = _fileSystem.Read(hold.Path, args.Offset, data, ref file);
        byteCount = Math.Max(result, 0);
        return ErrorOf(result, Errno.EINVAL);
    }

    /// <inheritdoc/>
    public override Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
    {
        using PathHold hold = HoldOpen(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        var file = new FuseFileInfo
        {
            fh = args.FileHandle,
            flags = (int)args.Flags,
            lock_owner = (args.WriteFlags & FuseWriteFlags.LockOwner) != 0 ? args.LockOwner : 0,
            writepage = (args.WriteFlags & FuseWriteFlags.Cache) != 0,
        };
        int result = _fileSystem.Write(hold.Path, args.Offset, data, ref file);
        reply.Size = (uint)Math.Max(result, 0);
        return result > data.Length ? (Errno)(-result) : ErrorOf(result, Errno.EINVAL);
    }

    /// <inheritdoc/>
    public override Errno Flush(FuseRequest request, NodeId node, in FuseFlushIn args)
    {
        using PathHold hold = HoldOpen(node);
        var file = new FuseFileInfo { fh = args.FileHandle, lock_owner = args.LockOwner };
        return hold.Error != Errno.None
            ? hold.Error
            : PlainErrorOf(_fileSystem.Flush(hold.Path, ref file), Errno.ENOSYS);
    }

    /// <inheritdoc/>
    public override Errno Release(FuseRequest request, NodeId node, in FuseReleaseIn args)
    {
        try
        {
            using PathHold hold = HoldOpen(node);
            if (hold.Error == Errno.None)
            {
                var file = new FuseFileInfo { fh = args.FileHandle, flags = (int)args.Flags, lock_owner = args.LockOwner };
                _fileSystem.Release(hold.Path, ref file);
            }
        }
        finally
        {
            if (_paths.CountClose(node))
            {
                RemoveHidden(node);
            }
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Fsync(FuseRequest request, NodeId node, in FuseFsyncIn args)
    {
        using PathHold hold = HoldOpen(node);
        var file = new FuseFileInfo { fh = args.FileHandle };
        bool onlyData = (args.FsyncFlags & FuseFsyncFlags.DataOnly) != 0;
        return hold.Error != Errno.None
            ? hold.Error
            : PlainErrorOf(_fileSystem.FSync(hold.Path, onlyData, ref file), Errno.EINVAL);
    }

    /// <inheritdoc/>
    public override Errno Fallocate(FuseRequest request, NodeId node, in FuseFallocateIn args)
    {
        using PathHold hold = HoldOpen(node);
        var file = new FuseFileInfo { fh = args.FileHandle };
        return hold.Error != Errno.None
            ? hold.Error
            : PlainErrorOf(
                _fileSystem.FAllocate(hold.Path, (int)args.Mode, args.Offset, (long)args.Length, ref file), Errno.EOPNOTSUPP);
    }

    private void Opened(NodeId node, in FuseFileInfo file, ref FuseOpenOut reply)
    {
        _paths.CountOpen(node);
        reply.FileHandle = file.fh;
        reply.OpenFlags =
            (file.direct_io || _options.UsesDirectIo ? FuseOpenFlags.DirectIo : FuseOpenFlags.None)
            | (file.keep_cache || _options.KeepsCache ? FuseOpenFlags.KeepCache : FuseOpenFlags.None);
    }
}
