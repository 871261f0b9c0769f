using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <content>The data of files.</content>
public sealed partial class VolumeFileSystem
{
    // S_ISUID and S_ISGID of inode(7).
    private const uint SetIdBits = 0xC00;

    /// <inheritdoc/>
    public override Errno Read(FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        IoResult result = _volume.Read(Inode(node), args.Offset, data);
        byteCount = (int)result.Bytes;
        if (_options.KeepsAccessTimes)
        {
            _volume.RecordAccess(Inode(node));
        }

        // What was read before the damage is the answer; the next read meets the error.
        return result.Bytes > 0 ? Errno.None : result.Error;
    }

    /// <inheritdoc/>
    public override Errno Write(FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
    {
        InodeNumber inode = Inode(node);
        IoResult result = _volume.Write(inode, args.Offset, data);
        reply.Size = (uint)result.Bytes;
        if (result.Bytes == 0)
        {
            return result.Error;
        }

        return (args.WriteFlags & FuseWriteFlags.KillSuidGid) != 0 ? ClearSetId(request, inode) : Errno.None;
    }

    /// <summary>Takes set-id bits away as a write by this caller does.</summary>
    private Errno ClearSetId(FuseRequest request, InodeNumber inode)
    {
        // Each write of an ordinary user asks for it, and few files have such bits: the others keep the time of the write itself.
        Errno error = _volume.GetAttributes(inode, out InodeItem attributes);
        if (error != Errno.None || (attributes.Mode & SetIdBits) == 0)
        {
            return error;
        }

        var change = new AttributeChange { Fields = AttributeFields.ClearSetId, CallerGroupId = request.GroupId };
        return _volume.SetAttributes(inode, change, out _);
    }
}
