using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>Images that were not closed and may only be read.</summary>
public sealed class VolumeReadOnlyReplayTests(ITestOutputHelper output)
{
    private static readonly VolumeOptions _readOnly = new() { File = new BlockFileOptions { IsReadOnly = true } };

    [Fact]
    public void Open_NotClosed_ShowsWhatIsRecoveredAndWritesNothing()
    {
        using var sample = new ReplaySample(RandomSeed.Take(output));
        using SimDisk disk = sample.Crashed();
        Assert.Equal(sample.Expected, ReplaySample.Read(disk, _readOnly));
        Assert.Equal(sample.Expected, ReplaySample.Read(disk, ReplaySample.Tight with { File = _readOnly.File }));
        Assert.Empty(disk.Events);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public void Open_ReplayTakesMoreMemoryThanAllowed_IsRefused(long memoryBytes)
    {
        using var sample = new ReplaySample(RandomSeed.Take(output));
        using SimDisk disk = sample.Crashed();
        StorageException refusal = Assert.Throws<StorageException>(() => ReplaySample.Read(disk, _readOnly with { ReadOnlyReplayBytes = memoryBytes }));
        Assert.Equal((StorageErrorKind.ReadOnly, Errno.ENOMEM), (refusal.Kind, refusal.Error));
        Assert.Empty(disk.Events);
    }

    [Fact]
    public void Read_NotClosedImageInAFile_GivesTheNewestDataAndRefusesChanges()
    {
        using var directory = new TempDirectory();
        string path = Path.Combine(directory.Path, "image");
        byte[] data = [.. Enumerable.Range(0, 50_000).Select(index => (byte)(index * 7))];
        Volume.Format(path, new VolumeFormat { LogBytes = VolumeFormat.MinLogBytes });
        Volume crashing = Volume.Open(path, new VolumeOptions { Maintenance = MaintenanceOptions.Off });
        Assert.Equal(Errno.None, crashing.Create(InodeNumber.Root, "file"u8, ModeBits.AllPermissions, default, out InodeEntry file));
        Assert.Equal(data.Length, crashing.Write(file.Number, 0, data).Bytes);
        Assert.Equal(Errno.None, crashing.Sync());
        crashing.Image.Dispose();
        byte[] image = File.ReadAllBytes(path);
        using (Volume volume = Volume.Open(path, _readOnly))
        {
            var read = new byte[data.Length + 1];
            Assert.Equal(data.Length, volume.Read(file.Number, 0, read).Bytes);
            Assert.Equal(data, read[..^1]);
            Assert.Equal(Errno.EROFS, volume.Write(file.Number, 0, data).Error);
            Assert.Equal(Errno.EROFS, volume.Unlink(InodeNumber.Root, "file"u8));
            Assert.False(volume.IsMaintained);
        }

        Assert.Equal(image, File.ReadAllBytes(path));
    }
}
