using VfsBlock.Mounted.Tests;
using VfsBlock.TestKit;
using Xunit;

namespace Tmds.Fuse.Tests;

/// <summary>What an open says about the kernel's cache, seen by what is read after the content changed behind the kernel's back.</summary>
public sealed class CachingTests
{
    // Size and time stay, and the attributes are remembered: else the kernel would notice the change by itself.
    private const string Remembering = "attr_timeout=1000,entry_timeout=1000";

    [MountedFact]
    public void Open_Plain_DropsTheCache() => Assert.Equal(("old", "new"), ReadTwice(null, Remembering));

    [MountedFact]
    public void Open_KeepCache_ReadsFromTheCache() => AssertReadsFromTheCache((ref FuseFileInfo file) => file.keep_cache = true, Remembering);

    [MountedFact]
    public void Open_KeepCacheSetAndCleared_DropsTheCache() => Assert.Equal(("old", "new"), ReadTwice(
        (ref FuseFileInfo file) =>
        {
            file.keep_cache = true;
            file.keep_cache = false;
        },
        Remembering));

    [MountedFact]
    public void Options_KernelCache_ReadsFromTheCache() => AssertReadsFromTheCache(null, $"{Remembering},kernel_cache");

    [MountedFact]
    public void Open_DirectIo_ReadsPastTheSizeTheKernelKnows()
    {
        var files = new FlaggedFileSystem((ref FuseFileInfo file) => file.direct_io = true) { HidesSize = true };
        files.Put("/f", "longer than nothing"u8);
        using var mount = new PathMount<FlaggedFileSystem>(files);
        int file = Posix.Open(mount["f"], Mono.Unix.Native.OpenFlags.O_RDONLY);
        Assert.Equal("longer than nothing"u8.ToArray(), Posix.ReadAt(file, 0, 100));
        Posix.Close(file);
    }

    [MountedFact]
    public void Options_DirectIo_ReadsPastTheSizeTheKernelKnows()
    {
        var files = new FlaggedFileSystem(null) { HidesSize = true };
        files.Put("/f", "x"u8);
        using var mount = new PathMount<FlaggedFileSystem>(files, new MountOptions { Options = "direct_io" });
        int file = Posix.Open(mount["f"], Mono.Unix.Native.OpenFlags.O_RDONLY);
        Assert.Equal("x"u8.ToArray(), Posix.ReadAt(file, 0, 100));
        Posix.Close(file);
    }

    // A machine short of memory may drop the page between the two reads, but not every time.
    private static void AssertReadsFromTheCache(FileAction? onOpen, string options) =>
        Assert.Contains(("old", "old"), Enumerable.Range(0, 10).Select(_ => ReadTwice(onOpen, options)));

    private static (string First, string Second) ReadTwice(FileAction? onOpen, string options)
    {
        var files = new FlaggedFileSystem(onOpen);
        files.Put("/f", "old"u8);
        using var mount = new PathMount<FlaggedFileSystem>(files, new MountOptions { Options = options });

        // An open file stays in the kernel's caches whatever happens on this machine.
        int holder = Posix.Open(mount["f"], Mono.Unix.Native.OpenFlags.O_RDONLY);
        string first = File.ReadAllText(mount["f"]);
        files.Put("/f", "new"u8);
        string second = File.ReadAllText(mount["f"]);
        Posix.Close(holder);
        return (first, second);
    }

    private delegate void FileAction(ref FuseFileInfo file);

    private sealed class FlaggedFileSystem(FileAction? onOpen) : MemoryPathFileSystem
    {
        public bool HidesSize { get; init; }

        public override int GetAttr(ReadOnlySpan<byte> path, ref Linux.stat stat, FuseFileInfoRef fiRef)
        {
            int result = base.GetAttr(path, ref stat, fiRef);
            stat.st_size = HidesSize ? 0 : stat.st_size;
            stat.st_mtim = default;
            return result;
        }

        public override int Open(ReadOnlySpan<byte> path, ref FuseFileInfo fi)
        {
            int result = base.Open(path, ref fi);
            onOpen?.Invoke(ref fi);
            return result;
        }
    }
}
