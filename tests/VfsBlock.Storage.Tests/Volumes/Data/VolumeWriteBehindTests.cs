using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>In how many pieces data goes to the device.</summary>
public sealed class VolumeWriteBehindTests : IDisposable
{
    private const int BlockBytes = 4096;

    private readonly SimDisk _disk = new(0);
    private readonly FaultyDevice _device;
    private readonly Volume _volume;

    public VolumeWriteBehindTests()
    {
        Volume.Format(_disk, new VolumeFormat { LogBytes = 4 * VolumeFormat.MinLogBytes });
        _device = new FaultyDevice(new LentDevice(_disk));
        _volume = Volume.Open(_device);

        // The image has grown far enough.
        InodeNumber file = Create("first");
        Assert.Equal(IoResult.Ok(1 << 20), _volume.Write(file, 0, new byte[1 << 20]));
        Assert.Equal(Errno.None, _volume.Sync());
    }

    public void Dispose()
    {
        _volume.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public void Sync_SmallWritesToSeveralFiles_IsOneWriteOfDataAndOneOfTheLog()
    {
        WriteSmall(8);
        int before = _disk.Position;
        Assert.Equal(Errno.None, _volume.Sync());
        Assert.Equal([8 * BlockBytes, BlockBytes], WritesSince(before).Select(write => write.LengthBytes).OrderDescending());
        AssertSmall(_volume, 8);
    }

    [Fact]
    public void Write_AMebibyteInARow_GoesOutInOnePieceOrTwo()
    {
        byte[] data = new byte[1 << 20];
        new Random(1).NextBytes(data);
        InodeNumber file = Create("large");
        int before = _disk.Position;
        Assert.Equal(IoResult.Ok(data.Length), _volume.Write(file, 0, data));
        Assert.Equal(Errno.None, _volume.Sync());

        // The rest is the log. A gap in the free space may make two of one.
        List<long> lengths = [.. WritesSince(before).Select(write => write.LengthBytes).Where(lengthBytes => lengthBytes > 8 * BlockBytes)];
        Assert.InRange(lengths.Count, 1, 2);
        Assert.Equal(data.Length, lengths.Sum());
        using Volume crashed = Volume.Open(_disk.Copy());
        byte[] read = new byte[data.Length];
        Assert.Equal(IoResult.Ok(data.Length), crashed.Read(file, 0, read));
        Assert.Equal(data, read);
    }

    [Fact]
    public void Sync_TheOneWriteOfSeveralFilesFails_PutsThemAllElsewhere()
    {
        WriteSmall(8);
        _device.Inject(new Fault(FaultKind.WriteError));
        Assert.Equal(Errno.None, _volume.Sync());
        Assert.Equal(1, _device.HappenedCount);
        AssertSmall(_volume, 8);
        using Volume crashed = Volume.Open(_disk.Copy());
        AssertSmall(crashed, 8);
    }

    /// <summary>More pieces than a write can have, more writes than the queue holds.</summary>
    [Fact]
    public void Sync_ManyPieces_WritesEachOnce()
    {
        const int fileCount = 300;
        WriteSmall(fileCount);
        Assert.Equal(Errno.None, _volume.Sync());
        AssertSmall(_volume, fileCount);
        using Volume crashed = Volume.Open(_disk.Copy());
        AssertSmall(crashed, fileCount);

        // Every second block of a file is old, so that no two new ones are neighbours in it.
        InodeNumber file = Create("holes");
        int before = _disk.Position;
        for (int block = 0; block < 1000; block += 2)
        {
            Assert.Equal(IoResult.Ok(BlockBytes), _volume.Write(file, (ulong)block * BlockBytes, Block(block)));
        }

        Assert.Equal(Errno.None, _volume.Sync());
        Assert.InRange(WritesSince(before).Sum(write => write.LengthBytes), 500 * BlockBytes, 600 * BlockBytes);
        using Volume again = Volume.Open(_disk.Copy());
        byte[] read = new byte[BlockBytes];
        for (int block = 0; block < 999; block++)
        {
            Assert.Equal(IoResult.Ok(BlockBytes), again.Read(file, (ulong)block * BlockBytes, read));
            Assert.Equal(block % 2 == 0 ? Block(block) : new byte[BlockBytes], read);
        }
    }

    private static byte[] Block(int seed)
    {
        byte[] block = new byte[BlockBytes];
        new Random(seed).NextBytes(block);
        return block;
    }

    private InodeNumber Create(string name)
    {
        Assert.Equal(Errno.None, _volume.Create(InodeNumber.Root, Encoding.UTF8.GetBytes(name), 0x1A4, default, out InodeEntry entry));
        return entry.Number;
    }

    private void WriteSmall(int fileCount)
    {
        for (int index = 0; index < fileCount; index++)
        {
            Assert.Equal(IoResult.Ok(BlockBytes), _volume.Write(Create($"small{index}"), 0, Block(index)));
        }
    }

    private static void AssertSmall(Volume volume, int fileCount)
    {
        byte[] read = new byte[BlockBytes];
        for (int index = 0; index < fileCount; index++)
        {
            Assert.Equal(Errno.None, volume.Lookup(InodeNumber.Root, Encoding.UTF8.GetBytes($"small{index}"), out InodeEntry entry));
            Assert.Equal(IoResult.Ok(BlockBytes), volume.Read(entry.Number, 0, read));
            Assert.Equal(Block(index), read);
        }
    }

    private IEnumerable<SimEvent> WritesSince(int position) => _disk.Events.Skip(position).Where(change => change.Kind == SimEventKind.Write);
}
