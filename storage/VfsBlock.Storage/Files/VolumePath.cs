using System.Text;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Paths in a volume: from a directory to an inode, with symbolic links followed as path_resolution(7) says.</summary>
/// <remarks>Stateless; any thread.</remarks>
internal static class VolumePath
{
    private const int MaxLinks = 40;

    /// <summary>Where paths begin.</summary>
    public static InodeNumber Root => InodeNumber.Root;

    /// <summary>Finds what a path leads to.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="start">Where a path begins that does not begin with '/'.</param>
    /// <param name="path">The path.</param>
    /// <param name="entry">What it leads to.</param>
    /// <returns>ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP, EIO.</returns>
    public static Errno Lookup(this Volume volume, InodeNumber start, string path, out InodeEntry entry)
    {
        int linkCount = 0;
        return Follow(volume, start, path, ref linkCount, out entry);
    }

    /// <summary>Refuses what is no path.</summary>
    public static void Demand(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a path has no NUL", nameof(path));
        }
    }

    /// <summary>Turns an error of the volume into the exception that <see cref="File"/> would throw.</summary>
    public static void ThrowIfFailed(Errno error, string path)
    {
        if (error != Errno.None)
        {
            throw Failure(error, path);
        }
    }

    /// <summary>The exception that <see cref="File"/> would throw.</summary>
    public static IOException Failure(Errno error, string path) => error switch
    {
        Errno.ENOENT => new FileNotFoundException($"{path}: {ErrnoText.Describe(error)}", path),
        Errno.ENOTDIR => new DirectoryNotFoundException($"{path}: {ErrnoText.Describe(error)}"),
        Errno.ENAMETOOLONG => new PathTooLongException($"{path}: {ErrnoText.Describe(error)}"),
        _ => new IOException($"{path}: {ErrnoText.Describe(error)}"),
    };

    private static Errno Follow(Volume volume, InodeNumber start, string path, ref int linkCount, out InodeEntry entry)
    {
        InodeNumber directory = path.StartsWith('/') ? Root : start;
        Errno error = volume.GetAttributes(directory, out InodeItem attributes);
        entry = new InodeEntry(directory, attributes);
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            directory = entry.Number;
            error = error == Errno.None ? volume.Lookup(directory, Encoding.UTF8.GetBytes(part), out entry) : error;
            if (error == Errno.None && entry.Attributes.Type == InodeType.SymbolicLink)
            {
                error = linkCount++ < MaxLinks ? FollowLink(volume, directory, ref linkCount, ref entry) : Errno.ELOOP;
            }

            if (error != Errno.None)
            {
                return error;
            }
        }

        return error;
    }

    private static Errno FollowLink(Volume volume, InodeNumber directory, ref int linkCount, ref InodeEntry entry)
    {
        Span<byte> target = stackalloc byte[VolumeLimits.MaxSymlinkBytes];
        Errno error = volume.ReadLink(entry.Number, target, out int length);
        return error == Errno.None ? Follow(volume, directory, Encoding.UTF8.GetString(target[..length]), ref linkCount, out entry) : error;
    }
}
