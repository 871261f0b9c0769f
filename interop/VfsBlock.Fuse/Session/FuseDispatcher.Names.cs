using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <content>Requests about names, and about directories.</content>
internal sealed partial class FuseDispatcher
{
    private Errno RunOnName(FuseSlot slot, scoped in FuseRequestReader reader)
    {
        FuseRequest request = slot.Request;
        NodeId parent = request.Node;
        switch (request.Opcode)
        {
            case FuseOpcode.Unlink:
                return _fileSystem.Unlink(request, parent, reader.Name);
            case FuseOpcode.Rmdir:
                return _fileSystem.RmDir(request, parent, reader.Name);
            case FuseOpcode.Rename:
                return Rename(request, reader, reader.Argument<FuseRenameIn>().NewDirectory, 0);
            case FuseOpcode.Rename2:
                FuseRename2In rename = reader.Argument<FuseRename2In>();
                return Rename(request, reader, rename.NewDirectory, rename.Flags);
            case FuseOpcode.Create:
                return _fileSystem.Create(
                    request, parent, reader.Argument<FuseCreateIn>(), reader.Name, ref slot.Reply<FuseCreateOut>());
            case FuseOpcode.TmpFile:
                return _fileSystem.TmpFile(
                    request, parent, reader.Argument<FuseCreateIn>(), ref slot.Reply<FuseCreateOut>());
            default:
                return RunForEntry(slot, reader);
        }
    }

    /// <summary>Requests that answer with an entry, and so count a lookup.</summary>
    private Errno RunForEntry(FuseSlot slot, scoped in FuseRequestReader reader)
    {
        FuseRequest request = slot.Request;
        NodeId parent = request.Node;
        ref FuseEntryOut reply = ref slot.Reply<FuseEntryOut>();
        switch (request.Opcode)
        {
            case FuseOpcode.Lookup:
                return _fileSystem.Lookup(request, parent, reader.Name, ref reply);
            case FuseOpcode.SymLink:
                return _fileSystem.SymLink(request, parent, reader.Name, reader.SecondName, ref reply);
            case FuseOpcode.Mknod:
                return _fileSystem.MkNod(request, parent, reader.Argument<FuseMknodIn>(), reader.Name, ref reply);
            case FuseOpcode.Mkdir:
                return _fileSystem.MkDir(request, parent, reader.Argument<FuseMkdirIn>(), reader.Name, ref reply);
            default:
                NodeId node = new(reader.Argument<FuseLinkIn>().OldNodeId);
                return _fileSystem.Link(request, node, parent, reader.Name, ref reply);
        }
    }

    private Errno Rename(FuseRequest request, scoped in FuseRequestReader reader, ulong newParent, uint flags) =>
        _fileSystem.Rename(request, request.Node, reader.Name, new NodeId(newParent), reader.SecondName, flags);

    private Errno RunOnDirectory(FuseSlot slot, scoped in FuseRequestReader reader, ref int byteCount)
    {
        FuseRequest request = slot.Request;
        NodeId node = request.Node;
        switch (request.Opcode)
        {
            case FuseOpcode.OpenDir:
                return _fileSystem.OpenDir(
                    request, node, reader.Argument<FuseOpenIn>(), ref slot.Reply<FuseOpenOut>());
            case FuseOpcode.ReleaseDir:
                return _fileSystem.ReleaseDir(request, node, reader.Argument<FuseReleaseIn>());
            case FuseOpcode.FsyncDir:
                return _fileSystem.FsyncDir(request, node, reader.Argument<FuseFsyncIn>());
            case FuseOpcode.ReadDir:
                FuseReadIn plainArguments = reader.Argument<FuseReadIn>();
                var plain = new FuseDirectoryWriter(slot.ReplyBytes(plainArguments.Size));
                Errno plainError = _fileSystem.ReadDir(request, node, plainArguments, ref plain);
                byteCount = plain.BytesWritten;
                return plainError;
            default:
                FuseReadIn arguments = reader.Argument<FuseReadIn>();
                var plus = new FuseDirectoryPlusWriter(slot.ReplyBytes(arguments.Size));
                Errno error = _fileSystem.ReadDirPlus(request, node, arguments, ref plus);
                byteCount = plus.BytesWritten;
                return error;
        }
    }
}
