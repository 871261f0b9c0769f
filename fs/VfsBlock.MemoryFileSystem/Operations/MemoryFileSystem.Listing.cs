using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <content>Listing directories, and where symbolic links lead.</content>
public sealed partial class MemoryFileSystem
{
    // The cookies of "." and ".."; those of names follow.
    private const ulong SelfCookie = 1;
    private const ulong ParentCookie = 2;

    /// <inheritdoc/>
    public override Errno ReadDir(
        FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryWriter entries)
    {
        using TreeLock.ReadScope scope = _tree.Read();
        if (Find<DirectoryInode>(node, Errno.ENOTDIR, out Errno error) is not { } directory)
        {
            return error;
        }

        ListingAccessed(directory);
        if ((args.Offset < SelfCookie && !entries.TryAdd("."u8, directory.Id.Value, ModeBits.Directory, SelfCookie))
            || (args.Offset < ParentCookie && !entries.TryAdd(".."u8, directory.Parent.Id.Value, ModeBits.Directory, ParentCookie)))
        {
            return Errno.None;
        }

        ulong cookie = Math.Max(args.Offset, ParentCookie);
        while (directory.After(cookie) is { } entry
            && entries.TryAdd(entry.NameBytes, entry.Target.Id.Value, entry.Target.TypeBits, entry.Cookie))
        {
            cookie = entry.Cookie;
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno ReadDirPlus(
        FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryPlusWriter entries)
    {
        using TreeLock.ReadScope scope = _tree.Read();
        if (Find<DirectoryInode>(node, Errno.ENOTDIR, out Errno error) is not { } directory)
        {
            return error;
        }

        ListingAccessed(directory);
        if ((args.Offset < SelfCookie && !entries.TryAdd("."u8, directory.Id.Value, ModeBits.Directory, SelfCookie))
            || (args.Offset < ParentCookie && !entries.TryAdd(".."u8, directory.Parent.Id.Value, ModeBits.Directory, ParentCookie)))
        {
            return Errno.None;
        }

        ulong cookie = Math.Max(args.Offset, ParentCookie);
        while (directory.After(cookie) is { } entry)
        {
            FuseEntryOut record = default;
            FillEntry(entry.Target, ref record);
            if (!entries.TryAdd(entry.NameBytes, record, entry.Cookie))
            {
                break;
            }

            entry.Target.AddLookup();
            cookie = entry.Cookie;
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno ReadLink(FuseRequest request, NodeId node, Span<byte> target, ref int byteCount)
    {
        if (Find<SymbolicLinkInode>(node, Errno.EINVAL, out Errno error) is not { } link)
        {
            return error;
        }

        if (link.Target.Length > target.Length)
        {
            return Errno.ENAMETOOLONG;
        }

        link.Target.CopyTo(target);
        byteCount = link.Target.Length;
        lock (link.Lock)
        {
            Accessed(link);
        }

        return Errno.None;
    }

    private void ListingAccessed(DirectoryInode directory)
    {
        lock (directory.Lock)
        {
            Accessed(directory);
        }
    }
}
