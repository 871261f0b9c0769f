using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <content>Listing directories, and where symbolic links lead.</content>
public sealed partial class MemoryFileSystem
{
    /// <inheritdoc/>
    public override Errno ReadDir(
        FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryWriter entries)
    {
        using TreeLock.ReadScope scope = _tree.Read();
        DirectoryInode? directory = FindListed(node, out Errno error);
        ulong cookie = args.Offset;
        while (directory?.Next(cookie) is { } next
            && entries.TryAdd(next.Name, next.Target.Id.Value, next.Target.TypeBits, next.Cookie))
        {
            cookie = next.Cookie;
        }

        return error;
    }

    /// <inheritdoc/>
    public override Errno ReadDirPlus(
        FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryPlusWriter entries)
    {
        using TreeLock.ReadScope scope = _tree.Read();
        DirectoryInode? directory = FindListed(node, out Errno error);
        ulong cookie = args.Offset;
        while (directory?.Next(cookie) is { } next && TryAddLookedUp(next, ref entries))
        {
            cookie = next.Cookie;
        }

        return error;
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

    /// <summary>The directory to be listed, its access recorded. The tree's lock is held.</summary>
    private DirectoryInode? FindListed(NodeId node, out Errno error)
    {
        if (Find<DirectoryInode>(node, Errno.ENOTDIR, out error) is not { } directory)
        {
            return null;
        }

        error = Errno.None;
        lock (directory.Lock)
        {
            Accessed(directory);
        }

        return directory;
    }

    private static bool TryAddLookedUp(in ListedEntry entry, ref FuseDirectoryPlusWriter entries)
    {
        if (entry.IsDots)
        {
            return entries.TryAdd(entry.Name, entry.Target.Id.Value, entry.Target.TypeBits, entry.Cookie);
        }

        FuseEntryOut record = default;
        FillEntry(entry.Target, ref record);
        if (!entries.TryAdd(entry.Name, record, entry.Cookie))
        {
            return false;
        }

        entry.Target.AddLookup();
        return true;
    }
}
