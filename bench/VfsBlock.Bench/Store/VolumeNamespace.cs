using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Bench;

/// <summary>A directory of a volume, through the library.</summary>
internal sealed class VolumeNamespace : INamespace
{
    private const int ListingSliceCount = 1000;

    private readonly InodeNumber _directory;

    public VolumeNamespace(string path)
    {
        Volume.Format(path);
        Volume = Volume.Open(path, Options);
        Check(Volume.MakeDirectory(InodeNumber.Root, "files"u8, 0x1ED, default, out InodeEntry entry));
        _directory = entry.Number;
    }

    /// <summary>Memory enough for all nodes that a run changes: the figures are to show the work, not the disk.</summary>
    public static VolumeOptions Options { get; } = new() { File = new BlockFileOptions { FrameMemoryBytes = 1L << 30 } };

    public string Title => "VfsBlock";

    public Volume Volume { get; }

    public void Create(ReadOnlySpan<byte> name) => Check(Volume.Create(_directory, name, 0x1A4, default, out _));

    public void Lookup(ReadOnlySpan<byte> name) => Check(Volume.Lookup(_directory, name, out _));

    public void Rename(ReadOnlySpan<byte> oldName, ReadOnlySpan<byte> newName) => Check(Volume.Rename(_directory, oldName, _directory, newName));

    public void Unlink(ReadOnlySpan<byte> name) => Check(Volume.Unlink(_directory, name));

    public long List()
    {
        var counter = new Counter();
        long before;
        do
        {
            before = counter.Count;
            counter.SliceCount = 0;
            Check(Volume.ReadDirectory(_directory, counter.Cookie, ref counter));
        }
        while (counter.Count > before);

        // "." and ".." are not files.
        return counter.Count - 2;
    }

    public void BeginFill()
    {
    }

    public void EndFill() => Check(Volume.Checkpoint());

    public void Dispose() => Volume.Dispose();

    /// <summary>Throws unless it worked.</summary>
    public static void Check(Errno error)
    {
        if (error != Errno.None)
        {
            throw new BenchException($"the volume answers {error}; is the disk full?");
        }
    }

    private struct Counter : IDirectoryReader
    {
        public long Count;
        public int SliceCount;
        public ulong Cookie;

        public bool TryAdd(scoped ReadOnlySpan<byte> name, InodeNumber inode, InodeType type, ulong cookie)
        {
            if (SliceCount == ListingSliceCount)
            {
                return false;
            }

            SliceCount++;
            Count++;
            Cookie = cookie;
            return true;
        }
    }
}
