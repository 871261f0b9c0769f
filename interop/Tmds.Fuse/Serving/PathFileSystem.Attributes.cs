using Tmds.Linux;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace Tmds.Fuse;

/// <content>Attributes, access and space.</content>
internal sealed partial class PathFileSystem
{
    /// <inheritdoc/>
    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply)
    {
        bool hasHandle = (args.Flags & FuseGetAttrFlags.FileHandle) != 0;
        using PathHold hold = hasHandle ? HoldOpen(node) : Hold(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        var file = new FuseFileInfo { fh = args.FileHandle };
        FuseFileInfoRef fileRef = hasHandle ? new FuseFileInfoRef(new Span<FuseFileInfo>(ref file)) : default;
        return ReplyAttributes(hold, node, fileRef, ref reply);
    }

    /// <inheritdoc/>
    public override Errno SetAttr(FuseRequest request, NodeId node, in FuseSetAttrIn args, ref FuseAttrOut reply)
    {
        bool hasHandle = (args.Valid & FuseSetAttrValid.FileHandle) != 0;
        using PathHold hold = hasHandle ? HoldOpen(node) : Hold(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        var file = new FuseFileInfo { fh = args.FileHandle };
        FuseFileInfoRef fileRef = hasHandle ? new FuseFileInfoRef(new Span<FuseFileInfo>(ref file)) : default;
        Errno error = Change(hold.Path, args, fileRef);
        return error == Errno.None ? ReplyAttributes(hold, node, fileRef, ref reply) : error;
    }

    /// <inheritdoc/>
    public override Errno Access(FuseRequest request, NodeId node, in FuseAccessIn args)
    {
        using PathHold hold = Hold(node);
        return hold.Error != Errno.None
            ? hold.Error
            : PlainErrorOf(_fileSystem.Access(hold.Path, (mode_t)args.Mask), Errno.ENOSYS);
    }

    /// <inheritdoc/>
    public override Errno StatFs(FuseRequest request, NodeId node, ref FuseStatfsOut reply)
    {
        using PathHold hold = Hold(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        statvfs space = default;
        int result = _fileSystem.StatFS(hold.Path, ref space);
        if (result == -LibC.ENOSYS)
        {
            return base.StatFs(request, node, ref reply);
        }

        KernelAttributes.Write(space, ref reply);
        return PlainErrorOf(result, Errno.None);
    }

    /// <summary>Makes the changes that were asked for, one after the other, up to the first that fails.</summary>
    private Errno Change(ReadOnlySpan<byte> path, in FuseSetAttrIn args, FuseFileInfoRef file)
    {
        FuseSetAttrValid valid = args.Valid;
        Errno error = Errno.None;
        if ((valid & FuseSetAttrValid.Mode) != 0)
        {
            error = PlainErrorOf(_fileSystem.ChMod(path, (mode_t)args.Mode, file), Errno.EPERM);
        }

        if (error == Errno.None && (valid & (FuseSetAttrValid.Uid | FuseSetAttrValid.Gid)) != 0)
        {
            uint userId = (valid & FuseSetAttrValid.Uid) != 0 ? args.Uid : uint.MaxValue;
            uint groupId = (valid & FuseSetAttrValid.Gid) != 0 ? args.Gid : uint.MaxValue;
            error = PlainErrorOf(_fileSystem.Chown(path, userId, groupId, file), Errno.EPERM);
        }

        if (error == Errno.None && (valid & FuseSetAttrValid.Size) != 0)
        {
            error = PlainErrorOf(_fileSystem.Truncate(path, args.Size, file), Errno.EPERM);
        }

        if (error == Errno.None && (valid & (FuseSetAttrValid.Atime | FuseSetAttrValid.Mtime)) != 0)
        {
            timespec atime = Time(valid, FuseSetAttrValid.Atime, FuseSetAttrValid.AtimeNow, args.AtimeSeconds, args.AtimeNanoseconds);
            timespec mtime = Time(valid, FuseSetAttrValid.Mtime, FuseSetAttrValid.MtimeNow, args.MtimeSeconds, args.MtimeNanoseconds);
            error = PlainErrorOf(_fileSystem.UpdateTimestamps(path, ref atime, ref mtime, file), Errno.EPERM);
        }

        return error;
    }

    private static timespec Time(FuseSetAttrValid valid, FuseSetAttrValid set, FuseSetAttrValid now, ulong seconds, uint nanoseconds) =>
        (valid & set) == 0 ? new timespec { tv_nsec = LibC.UTIME_OMIT }
        : (valid & now) != 0 ? new timespec { tv_nsec = LibC.UTIME_NOW }
        : new timespec { tv_sec = (long)seconds, tv_nsec = nanoseconds };

    private Errno ReplyAttributes(PathHold hold, NodeId node, FuseFileInfoRef file, ref FuseAttrOut reply)
    {
        (reply.AttrValidSeconds, reply.AttrValidNanoseconds) = KernelAttributes.Duration(_options.AttributeTimeout);
        return ReadAttributes(hold, hold.Path, node, file, ref reply.Attr);
    }
}
