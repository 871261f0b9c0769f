using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.Storage.Tests.Checking;
using Xunit;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>The bytes of a small volume with something of everything, made once; and where what lies in them.</summary>
internal sealed class HostileSample
{
    private const int FillerCount = 400;
    private const int LateCount = 30;
    private const int BlockBytes = WriteChunk.BlockSizeBytes;

    private readonly byte[] _bytes;

    private HostileSample(bool isClosed)
    {
        using var device = new MemoryDevice(0);
        Volume.Format(device, new VolumeFormat { LogBytes = VolumeFormat.MinLogBytes, SizeLimitBytes = 64 << 20 });
        Volume volume = Volume.Open(new LentDevice(device));
        Fill(volume);
        Assert.Equal(Errno.None, volume.Checkpoint());
        Change(volume);
        if (isClosed)
        {
            volume.Dispose();
        }
        else
        {
            volume.Image.Dispose();
        }

        _bytes = new byte[device.SizeBytes];
        Assert.Equal(_bytes.Length, device.Read(_bytes, 0).Bytes);
        Map = ImageMap.Read(device);
    }

    /// <summary>Closed cleanly.</summary>
    public static HostileSample Closed { get; } = new(isClosed: true);

    /// <summary>With a log that has to be replayed.</summary>
    public static HostileSample Crashed { get; } = new(isClosed: false);

    /// <summary>Where things lie.</summary>
    public ImageMap Map { get; }

    /// <summary>A device that holds it; the caller's.</summary>
    public unsafe MemoryDevice Copy()
    {
        var device = new MemoryDevice(_bytes.Length);
        using var buffer = new NativeBuffer(1 << 20);
        for (int done = 0; done < _bytes.Length; done += buffer.Length)
        {
            int count = Math.Min(buffer.Length, _bytes.Length - done);
            _bytes.AsSpan(done, count).CopyTo(buffer.Span);
            Assert.True(device.Write(buffer.Span[..count], done).Succeeded);
        }

        return device;
    }

    private static InodeNumber Create(Volume volume, InodeNumber directory, string name)
    {
        Assert.Equal(Errno.None, volume.Create(directory, SampleVolume.Name(name), 0x1A4, default, out InodeEntry entry));
        return entry.Number;
    }

    private static InodeNumber MakeDirectory(Volume volume, InodeNumber directory, string name)
    {
        Assert.Equal(Errno.None, volume.MakeDirectory(directory, SampleVolume.Name(name), 0x1ED, default, out InodeEntry entry));
        return entry.Number;
    }

    private static void Write(Volume volume, InodeNumber file, ulong offsetBytes, int lengthBytes) =>
        Assert.True(volume.Write(file, offsetBytes, SampleVolume.Pattern(lengthBytes)).Succeeded);

    private static void Fill(Volume volume)
    {
        InodeNumber directory = MakeDirectory(volume, InodeNumber.Root, "d");
        InodeNumber deep = directory;
        for (int depth = 0; depth < 5; depth++)
        {
            deep = MakeDirectory(volume, deep, $"deep {depth}");
            Write(volume, Create(volume, deep, "file"), 0, 5000 * depth + 1);
        }

        InodeNumber file = Create(volume, directory, "file");
        Write(volume, file, 0, (3 * BlockBytes) + 77);
        Assert.Equal(Errno.None, volume.Link(file, InodeNumber.Root, "link"u8, out _));
        Assert.Equal(Errno.None, volume.SetXattr(file, "user.short"u8, SampleVolume.Pattern(10)));
        Assert.Equal(Errno.None, volume.SetXattr(file, "user.long"u8, SampleVolume.Pattern(5000)));
        Assert.Equal(Errno.None, volume.SetXattr(directory, "user.long"u8, SampleVolume.Pattern(60_000)));
        InodeNumber large = Create(volume, directory, "large");
        Write(volume, large, 0, 1_200_000);
        Write(volume, large, 5_000_000, 5000);
        InodeNumber shared = Create(volume, directory, "shared");
        Assert.Equal(Errno.None, volume.CopyRange(large, 0, shared, 0, 400_000, out _));
        Assert.Equal(Errno.None, volume.CopyRange(large, 40 * BlockBytes, shared, 500_000 / BlockBytes * BlockBytes, 100_000, out _));
        InodeNumber sparse = Create(volume, directory, "sparse");
        for (int piece = 0; piece < 40; piece++)
        {
            Write(volume, sparse, (ulong)piece * 3 * BlockBytes, BlockBytes);
        }

        Assert.Equal(Errno.None, volume.Allocate(sparse, 200 * BlockBytes, 64 * BlockBytes, keepsSize: false));
        Assert.Equal(Errno.None, volume.Symlink(directory, "symlink"u8, SampleVolume.Name(new string('s', 3000)), default, out _));
        Assert.Equal(Errno.None, volume.MakeNode(directory, "fifo"u8, 0x11A4, 0, default, out _));
        for (int index = 0; index < FillerCount; index++)
        {
            Write(volume, Create(volume, InodeNumber.Root, $"f{index}"), 0, 100 + (3 * index));
        }

        Assert.Equal(Errno.None, volume.TemporaryFile(directory, 0x1A4, default, out InodeEntry orphan));
        Write(volume, orphan.Number, 0, 9000);
    }

    private static void Change(Volume volume)
    {
        for (int round = 0; round < LateCount; round++)
        {
            InodeNumber late = Create(volume, InodeNumber.Root, $"late {round}");
            Write(volume, late, 0, 9000 + round);
            Assert.Equal(Errno.None, volume.SetXattr(late, "user.late"u8, SampleVolume.Pattern(3000)));
            Assert.Equal(Errno.None, volume.Unlink(InodeNumber.Root, SampleVolume.Name($"f{round}")));
            Assert.Equal(Errno.None, volume.Rename(InodeNumber.Root, SampleVolume.Name($"f{round + 100}"), InodeNumber.Root, SampleVolume.Name($"g{round}"), RenameFlags.None));
            Assert.Equal(Errno.None, round % 4 == 0 ? volume.Sync() : Errno.None);
        }

        Assert.Equal(Errno.None, volume.Sync());
    }
}
