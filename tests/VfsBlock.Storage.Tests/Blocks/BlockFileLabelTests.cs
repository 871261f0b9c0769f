using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests;

public sealed class BlockFileLabelTests
{
    [Fact]
    public void SetLabel_AnyCrashDuringIt_LeavesTheOldOrTheNewOne()
    {
        using var disk = new SimDisk(0);
        BlockFile.Format(disk, new BlockFileFormat { Label = "old" });
        int acknowledged;
        using (BlockFile file = BlockFile.Open(new LentDevice(disk)))
        {
            disk.Settle();
            Assert.Equal(Errno.None, file.SetLabel("new"));
            Assert.Equal("new", file.Label);
            acknowledged = disk.Position;
        }

        int imageCount = 0;
        foreach (CrashImage image in new CrashImages(disk))
        {
            using BlockFile file = BlockFile.Open(new LentDevice(image.Open()));
            Assert.True(file.Label == "new" || (file.Label == "old" && image.Position < acknowledged), $"{image}: the label is {file.Label}");
            imageCount++;
        }

        Assert.True(imageCount > 10);
    }

    [Fact]
    public void SetLabel_TooLong_IsRefused()
    {
        using var file = BlockFile.Anonymous();
        Assert.Equal(Errno.None, file.SetLabel(new string('ü', 32)));
        Assert.Equal(Errno.EINVAL, file.SetLabel(new string('ü', 32) + "x"));
        Assert.Equal(Errno.EINVAL, file.SetLabel("a\0b"));
        Assert.Equal(new string('ü', 32), file.Label);
    }
}
