using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

public sealed class VolumeGenerationTests
{
    [Fact]
    public void Create_AfterACrashTookAnInodeBack_UsesItsNumberWithAnotherGeneration()
    {
        using var disk = new SimDisk(0);
        Volume.Format(disk, new VolumeFormat { LogBytes = VolumeFormat.MinLogBytes });
        Volume volume = Volume.Open(new LentDevice(disk));
        InodeEntry lost = Create(volume);
        volume.Image.Dispose();

        volume = Volume.Open(new LentDevice(disk));
        InodeEntry found = Create(volume);
        volume.Dispose();
        Assert.Equal(lost.Number, found.Number);
        Assert.True(found.Attributes.Generation > lost.Attributes.Generation && lost.Attributes.Generation > 0);

        volume = Volume.Open(new LentDevice(disk));
        Assert.Equal(Errno.None, volume.GetAttributes(found.Number, out InodeItem kept));
        volume.Dispose();
        Assert.Equal(found.Attributes.Generation, kept.Generation);
    }

    private static InodeEntry Create(Volume volume)
    {
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, "file"u8, 0x1A4, default, out InodeEntry entry));
        return entry;
    }
}
