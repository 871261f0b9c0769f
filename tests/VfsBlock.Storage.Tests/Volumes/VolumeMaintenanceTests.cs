using System.Collections.Concurrent;
using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>What a volume does without being asked: when, how much, and when nothing at all. The clock stands unless a test moves it.</summary>
public sealed class VolumeMaintenanceTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SimDisk _disk = new(0);
    private readonly FaultyDevice _device;
    private readonly ManualClock _clock = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Volume _volume;
    private readonly VolumeMaintenance _maintenance;

    public VolumeMaintenanceTests()
    {
        Volume.Format(_disk, new VolumeFormat { LogBytes = VolumeFormat.MinLogBytes, SizeLimitBytes = 256 << 20 });
        _device = new FaultyDevice(new LentDevice(_disk));
        _volume = Volume.Open(_device, new VolumeOptions { Clock = _clock, File = new BlockFileOptions { Log = _log.Enqueue } });
        _maintenance = new VolumeMaintenance(_volume, MaintenanceOptions.Default);
    }

    public void Dispose()
    {
        _volume.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public void RunDue_AChangeThatWaitedForTheCommitInterval_IsDurable()
    {
        Create("a");
        Assert.Equal(5000, _maintenance.RunDue());
        int before = _disk.Position;
        Advance(4.999);
        Assert.Equal(1, _maintenance.RunDue());
        Assert.Equal(before, _disk.Position);
        Assert.False(IsThereAfterACrash("a"));

        Advance(0.001);
        Assert.Equal(30_000, _maintenance.RunDue());
        Assert.Equal(SimEventKind.Flush, _disk.Events[^1].Kind);
        Assert.True(IsThereAfterACrash("a"));
    }

    [Fact]
    public void RunDue_ChangesAllTheTime_CommitsTheFirstInTime()
    {
        for (int index = 0; index < 5; index++)
        {
            Create($"{index}");
            _maintenance.RunDue();
            Advance(1);
        }

        _maintenance.RunDue();
        Assert.True(IsThereAfterACrash("0"));
        Create("late");
        Assert.Equal(5000, _maintenance.RunDue());
    }

    [Fact]
    public void RunDue_AfterSomebodySynced_WritesNothing()
    {
        Create("a");
        _maintenance.RunDue();
        Assert.Equal(Errno.None, _volume.Sync());
        int before = _disk.Position;
        Advance(5);
        _maintenance.RunDue();
        Assert.Equal(before, _disk.Position);
    }

    [Fact]
    public void RunDue_OfAnIdleVolume_MakesItCleanAndThenWritesNothing()
    {
        Create("a");
        Assert.Equal(IoResult.Ok(1000), _volume.Write(Create("b"), 0, new byte[1000]));
        int waitMs;
        int rounds = 0;
        while ((waitMs = _maintenance.RunDue()) != Timeout.Infinite)
        {
            Assert.InRange(++rounds, 1, 10);
            _clock.Advance(waitMs * TimeSpan.TicksPerMillisecond);
        }

        Assert.True(_volume.Image.IsLogEmpty);
        Assert.True(IsThereAfterACrash("b"));
        int before = _disk.Position;
        for (int hour = 0; hour < 100; hour++)
        {
            Advance(3600);
            Assert.Equal(Timeout.Infinite, _maintenance.RunDue());
        }

        Assert.Equal(before, _disk.Position);
    }

    [Fact]
    public void RunDue_LogHalfFull_MakesACheckpointAtOnce()
    {
        FillHalfTheLog();
        Assert.True(_volume.Core.Maintenance.Wait(0));
        _maintenance.RunDue();
        Assert.True(_volume.Image.IsLogEmpty);
        Assert.True(IsThereAfterACrash("0"));
    }

    [Fact]
    public void RunDue_DeletionsLeft_GoesOnInSlices()
    {
        InodeNumber file = Create("a");
        for (int index = 0; index < 1000; index++)
        {
            Assert.Equal(Errno.None, _volume.SetXattr(file, Encoding.UTF8.GetBytes($"user.{index}"), [1]));
        }

        _maintenance.RunDue();
        Assert.True(_volume.Core.Maintenance.Wait(0));
        Assert.Equal(Errno.None, _volume.Unlink(InodeNumber.Root, "a"u8));
        Assert.True(_volume.Core.Maintenance.Wait(0));
        int rounds = 0;
        while (_maintenance.RunDue() == 0)
        {
            Assert.Equal(1, _volume.PendingDeletionCount);
            Assert.InRange(++rounds, 1, 100);
        }

        Assert.InRange(rounds, 2, 100);
        Assert.Equal(0, _volume.PendingDeletionCount);
        Assert.Equal(1UL, _volume.InodeCount);
    }

    [Fact]
    public void RunDue_ADeletionThatCannotGoOn_WaitsAndHoldsUpNoCommit()
    {
        var damaged = new DamagedFileData();
        IFileData data = _volume.Core.Data;
        _volume.Core.Data = damaged;
        _volume.Core.LeaveForLater(new InodeNumber(4711));
        Assert.Equal(5000, _maintenance.RunDue());
        Advance(1);
        Create("a");
        Assert.Equal(4000, _maintenance.RunDue());
        Assert.Equal(1, damaged.CallCount);
        Advance(4);
        Assert.Equal(1000, _maintenance.RunDue());
        Assert.Equal(2, damaged.CallCount);
        Advance(1);
        Assert.Equal(4000, _maintenance.RunDue());
        Assert.True(IsThereAfterACrash("a"));
        _volume.Core.Data = data;
    }

    [Fact]
    public void RunDue_AFailedFlush_IsToldOnceAndEndsIt()
    {
        Create("a");
        _maintenance.RunDue();
        _device.Inject(new Fault(FaultKind.FlushError));
        Advance(5);
        Assert.Equal(Timeout.Infinite, _maintenance.RunDue());
        int before = _disk.Position;
        Advance(3600);
        Assert.Equal(Timeout.Infinite, _maintenance.RunDue());
        Assert.Equal(before, _disk.Position);
        Assert.Single(_log);
        Assert.Equal(Errno.EROFS, _volume.Create(InodeNumber.Root, "b"u8, 0x1A4, default, out _));
    }

    [Fact]
    public void RunDue_AfterSomebodyElsesFlushFailed_IsToldOnceAndEndsIt()
    {
        Create("a");
        _device.Inject(new Fault(FaultKind.FlushError));
        Assert.Equal(Errno.EIO, _volume.Sync());
        Assert.Equal(Timeout.Infinite, _maintenance.RunDue());
        Assert.Equal(Timeout.Infinite, _maintenance.RunDue());
        Assert.Single(_log);
    }

    [Fact]
    public void RunDue_WhileTheHostIsFull_TriesAgainAtEachCommitAndTellsItOnce()
    {
        FillHalfTheLog();
        _device.Inject(new Fault(FaultKind.WriteError) { Error = Errno.ENOSPC, IsForEver = true });
        for (int round = 0; round < 10; round++)
        {
            Assert.Equal(5000, _maintenance.RunDue());
            int failed = _device.HappenedCount;
            Assert.Equal(5000, _maintenance.RunDue());
            Assert.Equal(failed, _device.HappenedCount);
            Advance(5);
        }

        Assert.Single(_log, static line => line.Contains("tried again", StringComparison.Ordinal));
        _device.Heal();
        _maintenance.RunDue();
        Assert.True(IsThereAfterACrash("0"));
        Assert.True(_volume.Image.IsLogEmpty);
    }

    [Fact]
    public void RunDue_NothingDue_AllocatesNothing()
    {
        Create("a");
        AllocationProbe.AssertNone(() => _maintenance.RunDue());
    }

    /// <summary>By the real clock, and without a wait that could be too short: the flush that the thread makes fails, and it says so.</summary>
    [Fact]
    public async Task Open_WithMaintenance_SyncsOnAThreadThatEndsWithTheVolume()
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var disk = new SimDisk(0);
        Volume.Format(disk, new VolumeFormat { LogBytes = VolumeFormat.MinLogBytes });
        var device = new FaultyDevice(new LentDevice(disk));
        Volume volume = Volume.Open(device, new VolumeOptions
        {
            Maintenance = new MaintenanceOptions { CommitInterval = TimeSpan.FromMilliseconds(1) },
            File = new BlockFileOptions { Log = _ => told.TrySetResult(Thread.CurrentThread.Name ?? "unnamed") },
        });
        device.Inject(new Fault(FaultKind.FlushError) { IsForEver = true });
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, "a"u8, 0x1A4, default, out _));
        Assert.Equal("volume-maintenance", await told.Task.WaitAsync(TimeSpan.FromMinutes(2)));
        await Task.Run(volume.Dispose).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Dispose_WhileMaintenanceSleeps_EndsItAndLeavesTheImageClean()
    {
        using var disk = new SimDisk(0);
        Volume.Format(disk, new VolumeFormat { LogBytes = VolumeFormat.MinLogBytes });
        Volume volume = Volume.Open(new LentDevice(disk), new VolumeOptions { Clock = _clock, Maintenance = MaintenanceOptions.Default });
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, "a"u8, 0x1A4, default, out _));
        await Task.Run(volume.Dispose).WaitAsync(TimeSpan.FromMinutes(2));
        int before = disk.Position;
        volume.Core.Maintenance.NoteChange();
        Assert.Equal(before, disk.Position);
        using Volume reopened = Volume.Open(new LentDevice(disk));
        Assert.Equal(Errno.None, reopened.Lookup(InodeNumber.Root, "a"u8, out _));
    }

    [Fact]
    public void Open_ByPathOrDevice_HasTheMaintenanceThatFits()
    {
        using var directory = new TempDirectory();
        string path = Path.Combine(directory.Path, "image");
        Volume.Format(path, new VolumeFormat { LogBytes = VolumeFormat.MinLogBytes });
        Assert.False(_volume.IsMaintained);
        Assert.True(IsMaintained(new VolumeOptions()));
        Assert.False(IsMaintained(new VolumeOptions { Maintenance = MaintenanceOptions.Off }));
        Assert.False(IsMaintained(new VolumeOptions { File = new BlockFileOptions { IsReadOnly = true } }));

        bool IsMaintained(VolumeOptions options)
        {
            using Volume volume = Volume.Open(path, options);
            return volume.IsMaintained;
        }
    }

    [Fact]
    public void MaintenanceOptions_IntervalOfNothingOrForEver_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaintenanceOptions { CommitInterval = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaintenanceOptions { CheckpointInterval = Timeout.InfiniteTimeSpan });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaintenanceOptions { CheckpointInterval = TimeSpan.MaxValue });
    }

    private void Advance(double seconds) => _clock.Advance((Second * seconds).Ticks);

    private InodeNumber Create(string name)
    {
        Assert.Equal(Errno.None, _volume.Create(InodeNumber.Root, Encoding.UTF8.GetBytes(name), 0x1A4, default, out InodeEntry entry));
        return entry.Number;
    }

    // Changes make room for others in the log's buffer by writing a batch. Nobody syncs.
    private void FillHalfTheLog()
    {
        for (int index = 0; !_volume.Image.WantsCheckpoint; index++)
        {
            Assert.InRange(index, 0, 1_000_000);
            _volume.Core.Maintenance.Wait(0);
            Create($"{index}");
        }
    }

    private bool IsThereAfterACrash(string name)
    {
        using Volume crashed = Volume.Open(_disk.Copy());
        return crashed.Lookup(InodeNumber.Root, Encoding.UTF8.GetBytes(name), out _) == Errno.None;
    }

    /// <summary>Files of which nothing can be given back.</summary>
    private sealed class DamagedFileData : IFileData
    {
        public int CallCount { get; private set; }

        public bool PrepareRelease(ref VolumeTransaction transaction, InodeNumber inode, scoped in ExtentItem extent) => false;

        public void Release(ref VolumeTransaction transaction, InodeNumber inode, scoped in ExtentItem extent)
        {
        }

        public void Forget(InodeNumber inode)
        {
        }

        public Errno FinishTruncation(InodeNumber inode, ref int sliceCount, out bool isFinished)
        {
            CallCount++;
            isFinished = false;
            return Errno.EIO;
        }
    }
}
