using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>A volume by paths and streams, and the example that shows it.</summary>
public sealed class VolumeFilesTests : IDisposable
{
    private readonly SimDisk _disk = new(0);
    private readonly Volume _volume;
    private readonly VolumeFiles _files;

    /// <summary>An empty volume.</summary>
    public VolumeFilesTests()
    {
        Volume.Format(_disk, new VolumeFormat { LogBytes = 1 << 20 });
        _volume = Volume.Open(new LentDevice(_disk));
        _files = new VolumeFiles(_volume);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _volume.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public void WriteAllText_InADirectory_IsReadAndListedAndMovedAndDeleted()
    {
        _files.CreateDirectory("/a/b/c");
        _files.WriteAllText("/a/b/c/one", "first");
        _files.WriteAllText("/a/b/c/one", "1");
        _files.WriteAllText("/a/b/c/two", "2");
        Assert.Equal(["one", "two"], _files.Enumerate("/a/b/c").Order());
        _files.Move("/a/b/c/one", "/a/three");
        Assert.Equal("1", _files.ReadAllText("/a/three"));
        Assert.False(_files.Exists("/a/b/c/one"));
        _files.Delete("/a/b/c/two");
        _files.Delete("/a/b/c");
        Assert.Empty(_files.Enumerate("/a/b/"));
    }

    [Fact]
    public void Open_EachMode_DoesWhatItDoesToFiles()
    {
        Assert.Throws<FileNotFoundException>(() => _files.Open("/none"));
        Assert.Throws<FileNotFoundException>(() => _files.Open("/none/file", FileMode.Create));
        using (VolumeStream stream = _files.Open("/file", FileMode.CreateNew))
        {
            stream.Write("0123456789"u8);
            stream.Position = 4;
            stream.WriteByte((byte)'x');
            Assert.Equal(10, stream.Length);
        }

        Assert.Throws<IOException>(() => _files.Open("/file", FileMode.CreateNew));
        using (VolumeStream stream = _files.Open("/file", FileMode.Append))
        {
            stream.Write("ab"u8);
        }

        Assert.Equal("0123x56789ab", _files.ReadAllText("/file"));
        using (VolumeStream stream = _files.Open("/file", FileMode.Truncate))
        {
            Assert.Equal(0, stream.Length);
            stream.SetLength(3);
            Assert.Equal(3, stream.Seek(0, SeekOrigin.End));
            Assert.Throws<IOException>(() => stream.Seek(-4, SeekOrigin.Current));
        }

        Assert.Equal(new byte[3], _files.ReadAllBytes("/file"));
        Assert.Throws<IOException>(() => _files.Open("/", FileMode.Open));
    }

    [Fact]
    public void Stream_OfADeletedFile_ReadsOnUntilItIsClosed()
    {
        _files.WriteAllText("/file", "text");
        using (VolumeStream stream = _files.Open("/file"))
        {
            _files.Delete("/file");
            Assert.False(_files.Exists("/file"));
            byte[] bytes = new byte[10];
            Assert.Equal(4, stream.Read(bytes));
        }

        Assert.Equal(1UL, _volume.InodeCount);
    }

    [Fact]
    public void Lookup_ThroughSymbolicLinks_FollowsThemAndEndsInALoop()
    {
        _files.CreateDirectory("/real");
        _files.WriteAllText("/real/file", "found");
        _volume.Symlink(InodeNumber.Root, "link"u8, "real"u8, default, out _);
        _volume.Symlink(InodeNumber.Root, "loop"u8, "/loop"u8, default, out _);
        Assert.Equal("found", _files.ReadAllText("/link/file"));
        Assert.Equal("found", _files.ReadAllText("/link/../real/./file"));
        Assert.Throws<IOException>(() => _files.ReadAllText("/loop"));
    }

    [Fact]
    public void Example_RunTwice_WritesItsNoteAndReadsIt()
    {
        using var directory = new TempDirectory();
        string image = Path.Combine(directory.Path, "image");
        for (int run = 0; run < 2; run++)
        {
            System.Reflection.Assembly.Load("VfsBlock.Storage.Example").EntryPoint!.Invoke(null, [new[] { image }]);
        }

        using Volume volume = Volume.Open(image);
        Assert.StartsWith("written at ", new VolumeFiles(volume).ReadAllText("/notes/today.txt"), StringComparison.Ordinal);
    }
}
