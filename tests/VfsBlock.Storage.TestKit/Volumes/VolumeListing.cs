using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <summary>Lists directories of a volume to the end.</summary>
public static class VolumeListing
{
    /// <summary>Every name in a directory, "." and ".." included, asked for in pieces.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="directory">Which.</param>
    /// <param name="withAttributes">Whether to ask for attributes too.</param>
    /// <param name="pieceCount">How many at a time.</param>
    /// <exception cref="InvalidOperationException">The volume refused.</exception>
    public static List<ListedEntry> ReadAll(Volume volume, InodeNumber directory, bool withAttributes = true, int pieceCount = 1000)
    {
        ArgumentNullException.ThrowIfNull(volume);
        List<ListedEntry> entries = [];
        int countBefore;
        do
        {
            countBefore = entries.Count;
            ulong cookie = countBefore == 0 ? 0 : entries[^1].Cookie;
            var collector = new EntryCollector(entries, pieceCount);
            Errno error = withAttributes
                ? volume.ReadDirectoryEntries(directory, cookie, ref collector)
                : volume.ReadDirectory(directory, cookie, ref collector);
            if (error != Errno.None)
            {
                throw new InvalidOperationException($"listing {directory} from cookie {cookie} answered {error}");
            }
        }
        while (entries.Count > countBefore);

        return entries;
    }
}
