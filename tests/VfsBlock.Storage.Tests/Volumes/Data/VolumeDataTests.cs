using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>The data of files: what is written is read, before and after it is on the device, and after the volume was opened again.</summary>
public sealed class VolumeDataTests(ITestOutputHelper output)
{
    private static readonly VolumeFormat SmallFormat = new() { LogBytes = 1 << 20, SizeLimitBytes = 256 << 20 };

    [Theory]
    [InlineData(1)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(4096)]
    [InlineData(131072)]
    [InlineData(1_000_003)]
    public void Write_OfSoManyBytes_IsReadBeforeAndAfterReopening(int length)
    {
        var device = new SimDisk(0);
        Volume.Format(device, SmallFormat);
        byte[] data = Pattern(length, 1);
        InodeNumber inode;
        using (Volume volume = Volume.Open(new LentDevice(device)))
        {
            inode = Create(volume, "file");
            Assert.Equal(IoResult.Ok(length), volume.Write(inode, 0, data));
            AssertContent(volume, inode, data);
            Assert.Equal(Errno.None, volume.Sync());
            AssertContent(volume, inode, data);
        }

        using (Volume volume = Volume.Open(new LentDevice(device)))
        {
            AssertContent(volume, inode, data);
        }
    }

    /// <summary>A chunk that stays dirty leaves fewer free ones than the write takes, while all others are on their way.</summary>
    [Fact]
    public async Task Write_WithFewerFreeChunksThanItTakes_WaitsForThoseOnTheirWay()
    {
        using var fixture = new DataFixture();
        InodeNumber small = fixture.Create("small");
        InodeNumber large = fixture.Create("large");
        byte[] data = DataFixture.Pattern(4_000_000, 2);
        fixture.Write(small, 0, data[..9000]);
        await Task.Run(() => fixture.Write(large, 0, data)).WaitAsync(TimeSpan.FromMinutes(2));
        fixture.AssertContent(large, data);
    }

    [Fact]
    public void Sync_ThenCrash_KeepsWhatWasWritten()
    {
        var device = new SimDisk(0);
        Volume.Format(device, SmallFormat);
        byte[] data = Pattern(300_000, 2);
        using Volume volume = Volume.Open(new LentDevice(device));
        InodeNumber inode = Create(volume, "file");
        volume.Write(inode, 0, data);
        Assert.Equal(Errno.None, volume.Sync());

        // No checkpoint: what is there is the root of before, and the log.
        using Volume recovered = Volume.Open(new LentDevice(device));
        AssertContent(recovered, inode, data);
    }

    [Fact]
    public void Write_WithLittleMemoryForNodes_CommitsAndGoesOn()
    {
        using var disk = new MemoryDevice(0, name: "memory");
        Volume.Format(disk, SmallFormat);
        var options = new VolumeOptions { File = new BlockFileOptions { FrameMemoryBytes = 4 << 20 }, WriteBufferBytes = 4 << 20 };
        using Volume volume = Volume.Open(new LentDevice(disk), options);
        byte[] data = Pattern(5000, 4);
        for (int index = 0; index < 1000; index++)
        {
            InodeNumber inode = Create(volume, $"a-rather-long-name-so-that-nodes-are-filled-quickly-{index * 7919 % 1009}");
            Assert.Equal(IoResult.Ok(data.Length), volume.Write(inode, 0, data));
        }

        Assert.Equal(1001UL, volume.InodeCount);
    }

    [Fact]
    public void Open_ForReadingOnly_ReadsAndRefusesChanges()
    {
        using var directory = new TempDirectory();
        string path = Path.Combine(directory.Path, "image");
        Volume.Format(path, SmallFormat);
        byte[] data = Pattern(50_000, 3);
        InodeNumber inode;
        using (Volume volume = Volume.Open(path))
        {
            inode = Create(volume, "file");
            volume.Write(inode, 0, data);
        }

        byte[] image = File.ReadAllBytes(path);
        using (Volume volume = Volume.Open(path, new VolumeOptions { File = new BlockFileOptions { IsReadOnly = true } }))
        {
            AssertContent(volume, inode, data);
            Assert.Equal(Errno.EROFS, volume.Write(inode, 0, data).Error);
            Assert.Equal(Errno.EROFS, volume.SetSize(inode, 1));
            Assert.Equal(Errno.EROFS, volume.Unlink(InodeNumber.Root, "file"u8));
        }

        Assert.Equal(image, File.ReadAllBytes(path));
    }

    [Fact]
    public void Operations_ManyAtRandom_MatchAnArray()
    {
        var random = new Random(RandomSeed.Take(output));
        var device = new SimDisk(0);
        Volume.Format(device, SmallFormat);
        Volume volume = Volume.Open(new LentDevice(device));
        InodeNumber inode = Create(volume, "file");
        byte[] model = [];
        for (int step = 0; step < 600; step++)
        {
            int offset = random.Next(0, 600_000);
            switch (random.Next(0, 12))
            {
                case 0:
                    int size = random.Next(0, 700_000);
                    Assert.Equal(Errno.None, volume.SetSize(inode, (ulong)size));
                    Array.Resize(ref model, size);
                    break;
                case 1:
                    Assert.Equal(Errno.None, volume.Sync());
                    break;
                case 2:
                    Assert.Equal(Errno.None, volume.Checkpoint());
                    break;
                case 3:
                    Assert.Equal(Errno.None, volume.SetSize(inode, (ulong)random.Next(0, 3000)));
                    Assert.Equal(Errno.None, volume.GetAttributes(inode, out InodeItem item));
                    Array.Resize(ref model, (int)item.SizeBytes);
                    break;
                case 4:
                    volume.Dispose();
                    volume = Volume.Open(new LentDevice(device));
                    break;
                default:
                    byte[] data = Pattern(random.Next(1, random.Next(2) == 0 ? 5000 : 200_000), random.Next());
                    offset = model.Length < 2000 && random.Next(2) == 0 ? random.Next(0, 2000) : offset;
                    Assert.Equal(IoResult.Ok(data.Length), volume.Write(inode, (ulong)offset, data));
                    Array.Resize(ref model, Math.Max(model.Length, offset + data.Length));
                    data.CopyTo(model, offset);
                    break;
            }

            AssertContent(volume, inode, model);
        }

        volume.Dispose();
    }

    private static InodeNumber Create(Volume volume, string name)
    {
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, Encoding.UTF8.GetBytes(name), 0x1A4, default, out InodeEntry entry));
        return entry.Number;
    }

    private static byte[] Pattern(int length, int seed)
    {
        byte[] data = new byte[length];
        new Random(seed).NextBytes(data);
        return data;
    }

    private static void AssertContent(Volume volume, InodeNumber inode, byte[] expected)
    {
        byte[] read = new byte[expected.Length + 5000];
        Assert.Equal(IoResult.Ok(expected.Length), volume.Read(inode, 0, read));
        Assert.True(expected.AsSpan().SequenceEqual(read.AsSpan(0, expected.Length)), "the file has other bytes than were written");
    }
}
