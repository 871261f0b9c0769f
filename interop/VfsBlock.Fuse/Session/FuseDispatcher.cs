using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>Calls the file system's method for a request, with the reply's own memory to fill.</summary>
/// <remarks>Stateless beside the file system it calls; every serving thread uses the same one. Allocates nothing.</remarks>
internal sealed partial class FuseDispatcher
{
    private readonly FuseFileSystem _fileSystem;

    public FuseDispatcher(FuseFileSystem fileSystem) => _fileSystem = fileSystem;

    /// <summary>Carries out a request that the session does not answer itself.</summary>
    /// <param name="slot">Where the reply is built.</param>
    /// <param name="reader">The request.</param>
    /// <param name="byteCount">Bytes of the reply that the operation counted.</param>
    /// <returns>What the file system said.</returns>
    public Errno Run(FuseSlot slot, scoped in FuseRequestReader reader, ref int byteCount)
    {
        FuseOpcode opcode = reader.Header.Opcode;
        return opcode switch
        {
            FuseOpcode.Lookup or FuseOpcode.SymLink or FuseOpcode.Mknod or FuseOpcode.Mkdir or FuseOpcode.Link
                or FuseOpcode.Create or FuseOpcode.TmpFile or FuseOpcode.Unlink or FuseOpcode.Rmdir
                or FuseOpcode.Rename or FuseOpcode.Rename2 => RunOnName(slot, reader),
            FuseOpcode.GetAttr or FuseOpcode.SetAttr or FuseOpcode.Statx or FuseOpcode.Access
                or FuseOpcode.Statfs => RunOnAttributes(slot, reader),
            FuseOpcode.OpenDir or FuseOpcode.ReadDir or FuseOpcode.ReadDirPlus or FuseOpcode.ReleaseDir
                or FuseOpcode.FsyncDir => RunOnDirectory(slot, reader, ref byteCount),
            FuseOpcode.SetXattr or FuseOpcode.GetXattr or FuseOpcode.ListXattr
                or FuseOpcode.RemoveXattr => RunOnXattr(slot, reader, ref byteCount),
            FuseOpcode.Read or FuseOpcode.Write or FuseOpcode.ReadLink or FuseOpcode.CopyFileRange
                or FuseOpcode.CopyFileRange64 or FuseOpcode.Ioctl => RunOnData(slot, reader, ref byteCount),
            _ => RunOnFile(slot, reader),
        };
    }

    private Errno RunOnAttributes(FuseSlot slot, scoped in FuseRequestReader reader)
    {
        FuseRequest request = slot.Request;
        NodeId node = request.Node;
        switch (request.Opcode)
        {
            case FuseOpcode.GetAttr:
                return _fileSystem.GetAttr(
                    request, node, reader.Argument<FuseGetAttrIn>(), ref slot.Reply<FuseAttrOut>());
            case FuseOpcode.SetAttr:
                return _fileSystem.SetAttr(
                    request, node, reader.Argument<FuseSetAttrIn>(), ref slot.Reply<FuseAttrOut>());
            case FuseOpcode.Statx:
                return _fileSystem.Statx(
                    request, node, reader.Argument<FuseStatxIn>(), ref slot.Reply<FuseStatxOut>());
            case FuseOpcode.Access:
                return _fileSystem.Access(request, node, reader.Argument<FuseAccessIn>());
            default:
                return _fileSystem.StatFs(request, node, ref slot.Reply<FuseStatfsOut>());
        }
    }

    private Errno RunOnXattr(FuseSlot slot, scoped in FuseRequestReader reader, ref int byteCount)
    {
        FuseRequest request = slot.Request;
        NodeId node = request.Node;
        switch (request.Opcode)
        {
            case FuseOpcode.SetXattr:
                return _fileSystem.SetXattr(
                    request, node, reader.Argument<FuseSetXattrIn>(), reader.Name, reader.Data);
            case FuseOpcode.GetXattr:
                return _fileSystem.GetXattr(
                    request, node, reader.Name, RoomForXattr(slot, reader), ref byteCount);
            case FuseOpcode.ListXattr:
                return _fileSystem.ListXattr(request, node, RoomForXattr(slot, reader), ref byteCount);
            default:
                return _fileSystem.RemoveXattr(request, node, reader.Name);
        }
    }

    private static Span<byte> RoomForXattr(FuseSlot slot, scoped in FuseRequestReader reader)
    {
        uint roomBytes = reader.Argument<FuseGetXattrIn>().Size;
        if (roomBytes > 0)
        {
            return slot.ReplyBytes(roomBytes);
        }

        slot.ReplySize();
        return [];
    }
}
