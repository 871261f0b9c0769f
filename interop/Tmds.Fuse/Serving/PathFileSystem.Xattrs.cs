using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace Tmds.Fuse;

/// <content>Extended attributes. A file system without them says so once; the kernel then asks no more.</content>
internal sealed partial class PathFileSystem
{
    /// <inheritdoc/>
    public override Errno SetXattr(
        FuseRequest request, NodeId node, in FuseSetXattrIn args, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        using PathHold hold = Hold(node);
        return hold.Error != Errno.None
            ? hold.Error
            : PlainErrorOf(_fileSystem.SetXAttr(hold.Path, name, value, (int)args.Flags), Errno.ENOSYS);
    }

    /// <inheritdoc/>
    public override Errno GetXattr(
        FuseRequest request, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, ref int byteCount)
    {
        using PathHold hold = Hold(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        int result = _fileSystem.GetXAttr(hold.Path, name, value);
        byteCount = Math.Max(result, 0);
        return ErrorOf(result, Errno.ENOSYS);
    }

    /// <inheritdoc/>
    public override Errno ListXattr(FuseRequest request, NodeId node, Span<byte> names, ref int byteCount)
    {
        using PathHold hold = Hold(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        int result = _fileSystem.ListXAttr(hold.Path, names);
        byteCount = Math.Max(result, 0);
        return ErrorOf(result, Errno.ENOSYS);
    }

    /// <inheritdoc/>
    public override Errno RemoveXattr(FuseRequest request, NodeId node, ReadOnlySpan<byte> name)
    {
        using PathHold hold = Hold(node);
        return hold.Error != Errno.None
            ? hold.Error
            : PlainErrorOf(_fileSystem.RemoveXAttr(hold.Path, name), Errno.ENOSYS);
    }
}
