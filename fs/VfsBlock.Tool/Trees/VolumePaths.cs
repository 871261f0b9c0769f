using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>Paths in a volume, as bytes, with symbolic links followed as path_resolution(7) says. Stateless.</summary>
internal static class VolumePaths
{
    private const int MaxLinks = 40;

    /// <summary>Finds what a path leads to; every path begins at the root.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="path">The path.</param>
    /// <param name="follows">Whether a link at the end of the path is followed; it is if the path ends in '/'.</param>
    /// <param name="entry">What it leads to.</param>
    /// <returns>ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP, EIO.</returns>
    public static Errno Find(Volume volume, ReadOnlySpan<byte> path, bool follows, out InodeEntry entry)
    {
        follows |= path.EndsWith("/"u8) || path.EndsWith("/."u8);
        Errno error = volume.GetAttributes(InodeNumber.Root, out InodeItem root);
        entry = new InodeEntry(InodeNumber.Root, root);
        var names = new Stack<byte[]>();
        Push(names, path);
        int linkCount = 0;
        while (error == Errno.None && names.TryPop(out byte[]? name))
        {
            InodeNumber directory = entry.Number;
            error = volume.Lookup(directory, name, out entry);
            if (error != Errno.None || entry.Attributes.Type != InodeType.SymbolicLink || (names.Count == 0 && !follows))
            {
                continue;
            }

            byte[] target = [];
            error = linkCount++ < MaxLinks ? VolumeDirectory.ReadLink(volume, entry.Number, out target) : Errno.ELOOP;
            if (error == Errno.None)
            {
                InodeNumber start = target.AsSpan().StartsWith("/"u8) ? InodeNumber.Root : directory;
                error = volume.GetAttributes(start, out InodeItem attributes);
                entry = new InodeEntry(start, attributes);
                Push(names, target);
            }
        }

        return error == Errno.None && path.EndsWith("/"u8) && !entry.Attributes.IsDirectory ? Errno.ENOTDIR : error;
    }

    /// <summary>As <see cref="Find"/>, for a command that cannot do without.</summary>
    /// <exception cref="ToolException">It leads nowhere.</exception>
    public static InodeEntry Demand(Volume volume, string image, string path, bool follows)
    {
        Errno error = Find(volume, ByteText.Encode(path), follows, out InodeEntry entry);
        return error == Errno.None
            ? entry
            : throw new ToolException($"{Complaint.Show(image)}: {Complaint.Show(path)}: {ErrnoText.Describe(error)}", ExitCode.Failed);
    }

    private static void Push(Stack<byte[]> names, ReadOnlySpan<byte> path)
    {
        List<byte[]> parts = BytePath.Split(path);
        for (int index = parts.Count - 1; index >= 0; index--)
        {
            names.Push(parts[index]);
        }
    }
}
