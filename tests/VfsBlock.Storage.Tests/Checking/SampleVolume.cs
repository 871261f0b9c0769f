using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Checking;

/// <summary>A closed volume with something of everything, made once; who changes it works on a copy that costs only what it changes.</summary>
internal sealed class SampleVolume
{
    private const int FillerCount = 250;

    private readonly SimDisk _disk;

    private SampleVolume(SimDisk disk, bool isClosed)
    {
        _disk = disk;
        Volume.Format(_disk, new VolumeFormat { LogBytes = 64 * LogFormat.PageBytes, SizeLimitBytes = 64 << 20 });
        Volume volume = Volume.Open(new LentDevice(_disk));
        Fill(volume);
        if (isClosed)
        {
            volume.Dispose();
            return;
        }

        Assert.Equal(Errno.None, volume.Checkpoint());
        for (int round = 0; round < 4; round++)
        {
            InodeNumber late = Create(volume, InodeNumber.Root, $"late {round}");
            Assert.True(volume.Write(late, 0, Pattern(9000 + round)).Succeeded);
            Assert.Equal(Errno.None, volume.SetXattr(late, "user.late"u8, Pattern(3000)));
            Assert.Equal(Errno.None, volume.Unlink(InodeNumber.Root, Name($"f{round}")));
            Assert.Equal(Errno.None, volume.Sync());
        }
    }

    /// <summary>Closed cleanly.</summary>
    public static SampleVolume Closed { get; } = new(new SimDisk(0), isClosed: true);

    /// <summary>With a log that has to be replayed.</summary>
    public static SampleVolume Crashed { get; } = new(new SimDisk(0), isClosed: false);

    public InodeNumber Directory { get; private set; }

    public InodeNumber Subdirectory { get; private set; }

    /// <summary>Three blocks and a bit, two names, a short and a long attribute.</summary>
    public InodeNumber File { get; private set; }

    public InodeNumber Other { get; private set; }

    public InodeNumber Inline { get; private set; }

    public InodeNumber Orphan { get; private set; }

    /// <summary>A device that holds it; what is written there is nobody else's.</summary>
    public OverlayDevice Copy() => new(_disk);

    public static byte[] Name(string name) => Encoding.UTF8.GetBytes(name);

    public static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static InodeNumber Create(Volume volume, InodeNumber directory, string name)
    {
        Assert.Equal(Errno.None, volume.Create(directory, Name(name), 0x1A4, default, out InodeEntry entry));
        return entry.Number;
    }

    private static InodeNumber MakeDirectory(Volume volume, InodeNumber directory, string name)
    {
        Assert.Equal(Errno.None, volume.MakeDirectory(directory, Name(name), 0x1ED, default, out InodeEntry entry));
        return entry.Number;
    }

    private void Fill(Volume volume)
    {
        Directory = MakeDirectory(volume, InodeNumber.Root, "d");
        Subdirectory = MakeDirectory(volume, Directory, "sub");
        File = Create(volume, Directory, "file");
        Assert.Equal(Errno.None, volume.Link(File, InodeNumber.Root, "link"u8, out _));
        Assert.Equal(Errno.None, volume.SetXattr(File, "user.short"u8, Pattern(10)));
        Assert.Equal(Errno.None, volume.SetXattr(File, "user.long"u8, Pattern(5000)));
        Assert.True(volume.Write(File, 0, Pattern((3 * 4096) + 77)).Succeeded);
        Other = Create(volume, Subdirectory, "other");
        Assert.True(volume.Write(Other, 0, Pattern(300_000)).Succeeded);
        Assert.True(volume.Write(Other, 5_000_000, Pattern(5000)).Succeeded);
        Inline = Create(volume, Directory, "inline");
        Assert.True(volume.Write(Inline, 0, Pattern(100)).Succeeded);
        Assert.Equal(Errno.None, volume.Symlink(Directory, "symlink"u8, Name(new string('s', 3000)), default, out _));
        Assert.Equal(Errno.None, volume.MakeNode(Directory, "fifo"u8, 0x11A4, 0, default, out _));
        for (int index = 0; index < FillerCount; index++)
        {
            InodeNumber filler = Create(volume, InodeNumber.Root, $"f{index}");
            Assert.True(volume.Write(filler, 0, Pattern(100 + index)).Succeeded);
        }

        Assert.Equal(Errno.None, volume.TemporaryFile(Directory, 0x1A4, default, out InodeEntry orphan));
        Orphan = orphan.Number;
        Assert.True(volume.Write(Orphan, 0, Pattern(9000)).Succeeded);
        Assert.Equal(Errno.None, volume.Checkpoint());
        Assert.True(volume.Write(Other, 50_000, Pattern(10_000)).Succeeded);
    }
}
