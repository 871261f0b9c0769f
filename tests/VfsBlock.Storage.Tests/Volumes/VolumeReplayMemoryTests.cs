using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>Logs that change more nodes than fit the memory of who opens the image.</summary>
public sealed class VolumeReplayMemoryTests
{
    private const int FileCount = 120_000;
    private const uint Permissions = 0x1C0;

    [Fact]
    public void Open_LogOfAWriterWithMoreMemory_IsReplayed()
    {
        using var device = new MemoryDevice(0);
        Volume.Format(device);
        var roomy = new VolumeOptions { File = new BlockFileOptions { FrameMemoryBytes = 256L << 20 } };
        List<InodeNumber> changed = [];
        Volume volume = Volume.Open(new LentDevice(device), roomy);
        Fill(volume);
        Assert.Equal(Errno.None, volume.Checkpoint());
        for (int number = 0; number < FileCount; number += 40)
        {
            Assert.Equal(Errno.None, volume.Lookup(InodeNumber.Root, NameOf(number), out InodeEntry entry));
            var change = new AttributeChange { Fields = AttributeFields.Mode, Mode = Permissions };
            Assert.Equal(Errno.None, volume.SetAttributes(entry.Number, change, out _));
            changed.Add(entry.Number);
        }

        // More leaves than fit the smallest memory, so that replaying them there is what this test says.
        Assert.True(changed.Count > VolumeOptions.MinFrameMemoryBytes / NodeFormat.SizeBytes);
        Assert.Equal(Errno.None, volume.Sync());
        volume.Image.Dispose();

        using Volume recovered = Volume.Open(new LentDevice(device), new VolumeOptions { File = new BlockFileOptions { FrameMemoryBytes = 1 } });
        Assert.True(recovered.Image.IsLogEmpty);
        Assert.Equal(VolumeOptions.MinFrameMemoryBytes, recovered.Image.File.FrameMemoryBytes);
        foreach (InodeNumber inode in changed)
        {
            Assert.Equal(Errno.None, recovered.GetAttributes(inode, out InodeItem attributes));
            Assert.Equal(Permissions, attributes.Mode & ModeBits.PermissionMask);
        }

        Assert.Equal((ulong)FileCount + 1, recovered.InodeCount);
    }

    private static void Fill(Volume volume)
    {
        for (int number = 0; number < FileCount; number++)
        {
            Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, NameOf(number), ModeBits.AllPermissions, default, out _));
        }
    }

    private static byte[] NameOf(int number) => Encoding.ASCII.GetBytes($"a file with the number {number}");
}
