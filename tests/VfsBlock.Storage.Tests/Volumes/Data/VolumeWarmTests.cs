using System.Globalization;
using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>Small writes that are synced one by one go to blocks of the image that were written before, once somebody looks after the volume.</summary>
public sealed class VolumeWarmTests : IDisposable
{
    private const int BlockBytes = 4096;

    private readonly SimDisk _disk = new(0);
    private readonly ManualClock _clock = new();
    private readonly Volume _volume;
    private readonly VolumeMaintenance _maintenance;
    private readonly HashSet<long> _writtenBlocks = [];
    private int _seenEvents;
    private bool _isClosed;

    public VolumeWarmTests()
    {
        Volume.Format(_disk, new VolumeFormat { LogBytes = 4 * VolumeFormat.MinLogBytes, SizeLimitBytes = 256 << 20 });
        _volume = Volume.Open(new LentDevice(_disk), new VolumeOptions { Clock = _clock });
        _maintenance = new VolumeMaintenance(_volume, MaintenanceOptions.Default);
    }

    public void Dispose()
    {
        Close();
        _disk.Dispose();
    }

    [Fact]
    public void Sync_SmallWrites_GoToBlocksThatWereWrittenBefore()
    {
        InodeNumber[] files = [Create("a"), Create("b"), Create("c")];
        WriteAndSync(files, 40);
        Maintain();
        LookAtDisk();
        for (int checkpoint = 0; checkpoint < 5; checkpoint++)
        {
            for (int index = 0; index < 60; index++)
            {
                WriteAndSync(files, 1);
                Assert.Equal(0, LookAtDisk());
            }

            Assert.Equal(Errno.None, _volume.Checkpoint());
            Maintain();
            LookAtDisk();
        }
    }

    [Fact]
    public void Sync_BulkData_LeavesWarmBlocksAlone()
    {
        InodeNumber file = Create("a");
        WriteAndSync([file], 40);
        Maintain();
        int warm = _volume.Image.File.WarmBlockCount;
        Assert.NotEqual(0, warm);
        Assert.Equal(IoResult.Ok(1 << 20), _volume.Write(file, 0, new byte[1 << 20]));
        Assert.Equal(Errno.None, _volume.Sync());
        for (int index = 0; index < 100; index++)
        {
            Assert.Equal(IoResult.Ok(BlockBytes), _volume.Write(Create($"{index}"), 0, new byte[BlockBytes]));
        }

        Assert.Equal(Errno.None, _volume.Sync());
        Assert.Equal(warm, _volume.Image.File.WarmBlockCount);
    }

    [Fact]
    public void RunDue_AVolumeThatIsIdleAgain_GivesTheHostItsSpaceBackAtTheNextCheckpointsAndAtTheEnd()
    {
        InodeNumber file = Create("a");
        WriteAndSync([file], 40);
        Maintain();
        Assert.NotEqual(0, _volume.Image.File.WarmBlockCount);
        Assert.Equal(Errno.None, _volume.Checkpoint());
        Assert.Equal(Errno.None, _volume.Checkpoint());
        Assert.Equal(0, _volume.Image.File.WarmBlockCount);
        int before = _disk.Position;
        _clock.Advance(TimeSpan.FromHours(1).Ticks);
        _maintenance.RunDue();
        Assert.Equal(before, _disk.Position);

        WriteAndSync([file], 40);
        Maintain();
        LookAtDisk();
        int most = _writtenBlocks.Count;
        int warm = _volume.Image.File.WarmBlockCount;
        Assert.NotEqual(0, warm);
        Close();
        LookAtDisk();
        Assert.InRange(_writtenBlocks.Count, 1, most - (warm / 2));
    }

    [Fact]
    public void Open_AfterACrashWithWarmBlocks_HasThemFree()
    {
        InodeNumber file = Create("a");
        WriteAndSync([file], 40);
        Maintain();
        Assert.NotEqual(0, _volume.Image.File.WarmBlockCount);
        ulong free = _volume.GetStatistics().FreeBlocks;
        using Volume crashed = Volume.Open(_disk.Copy());
        Assert.InRange(crashed.GetStatistics().FreeBlocks, free - 64, free + 64);
    }

    private void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _volume.Dispose();
        }
    }

    private InodeNumber Create(string name)
    {
        Assert.Equal(Errno.None, _volume.Create(InodeNumber.Root, Encoding.UTF8.GetBytes(name), 0x1A4, default, out InodeEntry entry));
        return entry.Number;
    }

    private void WriteAndSync(InodeNumber[] files, int count)
    {
        for (int index = 0; index < count; index++)
        {
            byte[] block = new byte[BlockBytes];
            Encoding.UTF8.GetBytes(index.ToString(CultureInfo.InvariantCulture), block);
            foreach (InodeNumber file in files)
            {
                Assert.Equal(IoResult.Ok(BlockBytes), _volume.Write(file, 0, block));
            }

            Assert.Equal(Errno.None, _volume.Sync());
        }
    }

    private void Maintain()
    {
        int rounds = 0;
        while (_maintenance.RunDue() == 0)
        {
            Assert.InRange(++rounds, 1, 1000);
        }
    }

    // How many blocks were written since the last look that the host had no space for.
    private int LookAtDisk()
    {
        int coldBlocks = 0;
        for (; _seenEvents < _disk.Events.Count; _seenEvents++)
        {
            SimEvent change = _disk.Events[_seenEvents];
            for (long offset = change.OffsetBytes; offset < change.OffsetBytes + change.LengthBytes; offset += BlockBytes)
            {
                if (change.Kind == SimEventKind.Discard)
                {
                    _writtenBlocks.Remove(offset);
                }
                else if (change.Kind == SimEventKind.Write)
                {
                    coldBlocks += _writtenBlocks.Add(offset) ? 1 : 0;
                }
            }
        }

        return coldBlocks;
    }
}
