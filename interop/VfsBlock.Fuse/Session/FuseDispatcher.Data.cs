using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <content>Requests about files: those that carry data, and those that do not.</content>
internal sealed partial class FuseDispatcher
{
    /// <summary>The most that one COPY_FILE_RANGE of the old form can report, whose count has 32 bits: whole pages.</summary>
    private const ulong LongestShortCopyBytes = uint.MaxValue & ~4095u;

    private Errno RunOnData(FuseSlot slot, scoped in FuseRequestReader reader, ref int byteCount)
    {
        FuseRequest request = slot.Request;
        NodeId node = request.Node;
        switch (request.Opcode)
        {
            case FuseOpcode.Read:
                FuseReadIn read = reader.Argument<FuseReadIn>();

                // No file reaches beyond the largest offset, though a read of whole pages may ask for it.
                read.Size = (uint)Math.Min(read.Size, long.MaxValue - read.Offset);
                Span<byte> data = slot.ReplyBytes(read.Size);

                // A short answer would mean the end of the file; the kernel keeps to the size agreed on.
                return data.Length < read.Size
                    ? Errno.EINVAL
                    : _fileSystem.Read(request, node, read, data, ref byteCount);
            case FuseOpcode.Write:
                return _fileSystem.Write(
                    request, node, reader.Argument<FuseWriteIn>(), reader.Data, ref slot.Reply<FuseWriteOut>());
            case FuseOpcode.ReadLink:
                return _fileSystem.ReadLink(
                    request, node, slot.ReplyBytes(FuseProtocol.MaxLinkTargetBytes), ref byteCount);
            case FuseOpcode.Ioctl:
                FuseIoctlIn ioctl = reader.Argument<FuseIoctlIn>();
                ref FuseIoctlOut ioctlReply = ref slot.Reply<FuseIoctlOut>();
                return _fileSystem.Ioctl(
                    request, node, ioctl, reader.Data, slot.ReplyBytes(ioctl.OutSize), ref ioctlReply, ref byteCount);
            default:
                FuseCopyFileRangeIn copy = reader.Argument<FuseCopyFileRangeIn>();
                if (request.Opcode == FuseOpcode.CopyFileRange)
                {
                    copy.Length = Math.Min(copy.Length, LongestShortCopyBytes);
                }

                // Both forms answer with 8 bytes: a count of 64 bits, or one of 32 and a zero.
                return _fileSystem.CopyFileRange(
                    request, node, copy, ref slot.Reply<FuseCopyFileRangeOut>().BytesCopied);
        }
    }

    private Errno RunOnFile(FuseSlot slot, scoped in FuseRequestReader reader)
    {
        FuseRequest request = slot.Request;
        NodeId node = request.Node;
        switch (request.Opcode)
        {
            case FuseOpcode.Open:
                return _fileSystem.Open(
                    request, node, reader.Argument<FuseOpenIn>(), ref slot.Reply<FuseOpenOut>());
            case FuseOpcode.Flush:
                return _fileSystem.Flush(request, node, reader.Argument<FuseFlushIn>());
            case FuseOpcode.Release:
                return _fileSystem.Release(request, node, reader.Argument<FuseReleaseIn>());
            case FuseOpcode.Fsync:
                return _fileSystem.Fsync(request, node, reader.Argument<FuseFsyncIn>());
            case FuseOpcode.SyncFs:
                return _fileSystem.SyncFs(request, node);
            case FuseOpcode.Fallocate:
                return _fileSystem.Fallocate(request, node, reader.Argument<FuseFallocateIn>());
            case FuseOpcode.Lseek:
                return _fileSystem.Lseek(
                    request, node, reader.Argument<FuseLseekIn>(), ref slot.Reply<FuseLseekOut>());
            case FuseOpcode.GetLock:
                return _fileSystem.GetLock(
                    request, node, reader.Argument<FuseLockIn>(), ref slot.Reply<FuseLockOut>());
            case FuseOpcode.SetLock or FuseOpcode.SetLockWait:
                bool waits = request.Opcode == FuseOpcode.SetLockWait;
                return _fileSystem.SetLock(request, node, reader.Argument<FuseLockIn>(), waits);
            case FuseOpcode.Bmap:
                return _fileSystem.Bmap(
                    request, node, reader.Argument<FuseBmapIn>(), ref slot.Reply<FuseBmapOut>());
            case FuseOpcode.Poll:
                return _fileSystem.Poll(
                    request, node, reader.Argument<FusePollIn>(), ref slot.Reply<FusePollOut>());
            default:
                throw new InvalidOperationException($"{request.Opcode} is answered by the session.");
        }
    }
}
