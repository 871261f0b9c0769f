using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <content>What chattr(1) and lsattr(1) ask. Who may set which flag is the kernel's check; the volume keeps to them.</content>
public sealed partial class VolumeFileSystem
{
    /// <inheritdoc/>
    public override Errno Ioctl(
        FuseRequest request, NodeId node, in FuseIoctlIn args, ReadOnlySpan<byte> input, Span<byte> output, ref FuseIoctlOut reply, ref int byteCount)
    {
        InodeNumber inode = Inode(node);
        bool isExtended = args.Command is InodeFlagIoctls.GetXFlags or InodeFlagIoctls.SetXFlags;
        if (!isExtended && args.Command is not (InodeFlagIoctls.GetFlags or InodeFlagIoctls.SetFlags))
        {
            return Errno.ENOTTY;
        }

        Errno error = _volume.GetAttributes(inode, out InodeItem attributes);
        if (error != Errno.None)
        {
            return error;
        }

        if (args.Command is InodeFlagIoctls.GetFlags or InodeFlagIoctls.GetXFlags)
        {
            byteCount = InodeFlagIoctls.Write(isExtended, attributes, output);
            return byteCount > 0 ? Errno.None : Errno.EINVAL;
        }

        error = InodeFlagIoctls.Read(isExtended, input, attributes, out InodeFlags flags, out uint? projectId);
        return error == Errno.None ? _volume.SetFlags(inode, flags, projectId) : error;
    }
}
