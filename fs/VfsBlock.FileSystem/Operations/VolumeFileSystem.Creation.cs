using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <content>New inodes and new names.</content>
public sealed partial class VolumeFileSystem
{
    // O_EXCL and O_TRUNC of open(2) on x86-64 and arm64.
    private const uint OpenExclusive = 0x80;
    private const uint OpenTruncate = 0x200;

    // Somebody may make or remove the name between the two looks at it.
    private const int MaxCreateRounds = 16;

    /// <inheritdoc/>
    public override Errno MkNod(FuseRequest request, NodeId parent, in FuseMknodIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        Errno error = _volume.MakeNode(Inode(parent), name, args.Mode, args.DeviceId, Owner(request, args.Umask), out InodeEntry entry, hold: true);
        return Reply(error, entry, ref reply);
    }

    /// <inheritdoc/>
    public override Errno MkDir(FuseRequest request, NodeId parent, in FuseMkdirIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        Errno error = _volume.MakeDirectory(Inode(parent), name, args.Mode, Owner(request, args.Umask), out InodeEntry entry, hold: true);
        return Reply(error, entry, ref reply);
    }

    /// <inheritdoc/>
    public override Errno SymLink(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, ref FuseEntryOut reply)
    {
        Errno error = _volume.Symlink(Inode(parent), name, target, Owner(request), out InodeEntry entry, hold: true);
        return Reply(error, entry, ref reply);
    }

    /// <inheritdoc/>
    public override Errno Create(FuseRequest request, NodeId parent, in FuseCreateIn args, ReadOnlySpan<byte> name, ref FuseCreateOut reply)
    {
        for (int round = 0; round < MaxCreateRounds; round++)
        {
            Errno error = _volume.Create(Inode(parent), name, args.Mode, Owner(request, args.Umask), out InodeEntry entry, hold: true);
            if (error == Errno.EEXIST && (args.Flags & OpenExclusive) == 0)
            {
                // The name came after the kernel had seen that there was none: open(2) without O_EXCL opens it.
                error = OpenExisting(Inode(parent), args, name, out entry);
                if (error == Errno.ENOENT)
                {
                    continue;
                }
            }

            return Reply(error, entry, ref reply);
        }

        return Errno.EEXIST;
    }

    /// <inheritdoc/>
    public override Errno TmpFile(FuseRequest request, NodeId parent, in FuseCreateIn args, ref FuseCreateOut reply)
    {
        Errno error = _volume.TemporaryFile(Inode(parent), args.Mode, Owner(request, args.Umask), out InodeEntry entry);
        return Reply(error, entry, ref reply);
    }

    /// <inheritdoc/>
    public override Errno Link(FuseRequest request, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, ref FuseEntryOut reply)
    {
        Errno error = _volume.Link(Inode(node), Inode(newParent), newName, out InodeEntry entry, hold: true);
        return Reply(error, entry, ref reply);
    }

    private Errno OpenExisting(InodeNumber parent, in FuseCreateIn args, ReadOnlySpan<byte> name, out InodeEntry entry)
    {
        Errno error = _volume.Lookup(parent, name, out entry, hold: true);
        if (error != Errno.None)
        {
            return error;
        }

        if (entry.Attributes.Type != InodeType.Regular)
        {
            error = Errno.EEXIST;
        }
        else if ((args.Flags & OpenTruncate) != 0)
        {
            error = _volume.SetSize(entry.Number, 0);
            InodeItem attributes = default;
            error = error == Errno.None ? _volume.GetAttributes(entry.Number, out attributes) : error;
            entry = entry with { Attributes = attributes };
        }

        if (error != Errno.None)
        {
            _volume.Release(entry.Number);
        }

        return error;
    }

    private static Errno Reply(Errno error, in InodeEntry entry, ref FuseCreateOut reply)
    {
        // Without this the kernel would drop what it caches of the file at this open.
        reply.Open.OpenFlags = FuseOpenFlags.KeepCache;
        return Reply(error, entry, ref reply.Entry);
    }
}
