using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <content>Listing directories, and where symbolic links lead.</content>
public sealed partial class VolumeFileSystem
{
    /// <inheritdoc/>
    public override Errno ReadDir(FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryWriter entries)
    {
        RecordDirectoryAccess(node, args.Offset);
        var filler = new DirectoryFiller { Entries = entries };
        Errno error = _volume.ReadDirectory(Inode(node), args.Offset, ref filler);
        entries = filler.Entries;
        return error;
    }

    /// <inheritdoc/>
    public override Errno ReadDirPlus(FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryPlusWriter entries)
    {
        RecordDirectoryAccess(node, args.Offset);
        var filler = new DirectoryPlusFiller { Entries = entries };
        Errno error = _volume.ReadDirectoryEntries(Inode(node), args.Offset, ref filler, hold: true);
        entries = filler.Entries;
        return error;
    }

    /// <inheritdoc/>
    public override Errno ReadLink(FuseRequest request, NodeId node, Span<byte> target, ref int byteCount)
    {
        Errno error = _volume.ReadLink(Inode(node), target, out byteCount);
        if (error == Errno.None && _options.KeepsAccessTimes)
        {
            _volume.RecordAccess(Inode(node));
        }

        return error;
    }

    // Once a listing. That it could not be recorded (the volume is full, or read-only) is no reason not to list.
    private void RecordDirectoryAccess(NodeId node, ulong cookie)
    {
        if (cookie == 0 && _options.KeepsAccessTimes && _options.KeepsDirectoryAccessTimes)
        {
            _volume.RecordAccess(Inode(node));
        }
    }

    private ref struct DirectoryFiller : IDirectoryReader
    {
        public FuseDirectoryWriter Entries;

        public bool TryAdd(scoped ReadOnlySpan<byte> name, InodeNumber inode, InodeType type, ulong cookie) =>
            Entries.TryAdd(name, inode.Value, (uint)type << TypeShift, cookie);
    }

    private ref struct DirectoryPlusFiller : IDirectoryEntryReader
    {
        public FuseDirectoryPlusWriter Entries;

        public bool TryAdd(scoped ReadOnlySpan<byte> name, in InodeEntry entry, ulong cookie)
        {
            // The kernel counts no lookup of these two.
            if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            {
                return Entries.TryAdd(name, entry.Number.Value, entry.Attributes.Mode, cookie);
            }

            FuseEntryOut record = default;
            Fill(entry, ref record);
            return Entries.TryAdd(name, record, cookie);
        }
    }

    // Where the type stands in a mode (inode(7)).
    private const int TypeShift = 12;
}
