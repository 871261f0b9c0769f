using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>A volume that can be closed, opened again, and left as a crash leaves it.</summary>
internal sealed class DataFixture : IDisposable
{
    public const int BlockBytes = 4096;

    private readonly DeviceUnderTest _ground;
    private readonly VolumeOptions _options;

    public DataFixture(VolumeOptions? options = null, long sizeLimitBytes = 256 << 20, VolumeGround ground = VolumeGround.Simulated)
    {
        MetadataAccess access = ground == VolumeGround.Mapped ? MetadataAccess.Mapped : MetadataAccess.Auto;
        options ??= new VolumeOptions();
        _options = options with { File = options.File with { Metadata = access } };
        _ground = ground switch
        {
            VolumeGround.Mapped => new DeviceUnderTest(new MemoryDevice(0)),
            VolumeGround.Loop => OnLoop(sizeLimitBytes),
            _ => new DeviceUnderTest(new SimDisk(0)),
        };
        Volume.Format(Device, new VolumeFormat { LogBytes = 1 << 20, SizeLimitBytes = sizeLimitBytes, Clock = _options.Clock });
        Open = Volume.Open(new LentDevice(Device), _options);
    }

    /// <summary>What the volume lies on.</summary>
    public IBlockDevice Device => _ground.Device;

    public Volume Open { get; private set; }

    public static byte[] Pattern(int length, int seed)
    {
        byte[] data = new byte[length];
        new Random(seed).NextBytes(data);
        return data;
    }

    public void Dispose()
    {
        Open.Dispose();
        _ground.Dispose();
    }

    public void Reopen()
    {
        Open.Dispose();
        Open = Volume.Open(new LentDevice(Device), _options);
    }

    /// <summary>Syncs, lets the volume go as a crash does, and opens it again.</summary>
    public void Crash()
    {
        Assert.Equal(Errno.None, Open.Sync());
        Open.Image.Dispose();
        Open = Volume.Open(new LentDevice(Device), _options);
    }

    /// <summary>Opens the volume as it is on the device, as after a crash of the program.</summary>
    public Volume Crashed()
    {
        Assert.Equal(Errno.None, Open.Sync());
        return Volume.Open(new LentDevice(Device), _options);
    }

    public InodeNumber Create(string name)
    {
        Assert.Equal(Errno.None, Open.Create(InodeNumber.Root, Encoding.UTF8.GetBytes(name), 0x1A4, default, out InodeEntry entry));
        return entry.Number;
    }

    public void Unlink(string name)
    {
        Assert.Equal(Errno.None, Open.Unlink(InodeNumber.Root, Encoding.UTF8.GetBytes(name)));
        Assert.Equal(Errno.None, Open.DeleteOrphans());
    }

    public void Write(InodeNumber inode, long offset, byte[] data) => Assert.Equal(IoResult.Ok(data.Length), Open.Write(inode, (ulong)offset, data));

    public InodeItem Attributes(InodeNumber inode)
    {
        Assert.Equal(Errno.None, Open.GetAttributes(inode, out InodeItem item));
        return item;
    }

    /// <summary>The file's size and bytes, by reading.</summary>
    public void AssertContent(InodeNumber inode, ReadOnlySpan<byte> expected) => AssertContent(Open, inode, expected);

    public static void AssertContent(Volume volume, InodeNumber inode, ReadOnlySpan<byte> expected)
    {
        byte[] read = new byte[expected.Length + 100];
        Assert.Equal(IoResult.Ok(expected.Length), volume.Read(inode, 0, read));
        int same = expected.CommonPrefixLength(read);
        Assert.True(same == expected.Length, $"byte {same} of {expected.Length} is not what was written");
        Assert.Equal(0, volume.DamageCount);
        Assert.Equal(0, volume.Image.ForeignFreeCount);
    }

    /// <summary>Writes down everything, so that what was freed is free.</summary>
    public VolumeStatistics Settle()
    {
        Assert.Equal(Errno.None, Open.DeleteOrphans());
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(Errno.None, Open.Checkpoint());
        }

        return Open.GetStatistics();
    }

    /// <summary>Fails the test if the checker finds anything wrong with the volume, which is closed for that.</summary>
    public void AssertClean()
    {
        Open.Dispose();
        CheckReport report = VolumeChecker.Check(Device, new CheckOptions { VerifiesData = true });
        Assert.True(report.Findings.Count == 0, string.Join("\n", report.Findings));
        Open = Volume.Open(new LentDevice(Device), _options);
    }

    private static DeviceUnderTest OnLoop(long sizeBytes)
    {
        var loop = new LoopDevice(sizeBytes);
        try
        {
            return new DeviceUnderTest(FileDevice.Open(loop.Path), loop);
        }
        catch
        {
            loop.Dispose();
            throw;
        }
        finally
        {
            loop.DetachOnLastClose();
        }
    }
}
