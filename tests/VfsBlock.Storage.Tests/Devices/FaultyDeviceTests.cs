using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>The faults happen when they shall, once or for ever, and not otherwise.</summary>
public sealed class FaultyDeviceTests : IDisposable
{
    private const int Page = 4096;
    private readonly SimDisk _disk = new(8 * Page);
    private readonly FaultyDevice _device;

    public FaultyDeviceTests() => _device = new FaultyDevice(_disk);

    public void Dispose() => _device.Dispose();

    [Fact]
    public void ReadError_SecondRead_FailsOnce()
    {
        byte[] data = _device.WriteRandom(0, Page, seed: 1);
        _device.Inject(new Fault(FaultKind.ReadError, Nth: 2));
        Assert.Equal(data, _device.ReadAll(0, Page));
        Assert.Equal(IoResult.Fail(Errno.EIO), _device.Read(new byte[Page], 0));
        Assert.Equal(data, _device.ReadAll(0, Page));
        Assert.Equal(1, _device.HappenedCount);
    }

    [Fact]
    public void ReadBitFlip_OneRead_HasOneBitWrong()
    {
        byte[] data = _device.WriteRandom(0, Page, seed: 2);
        _device.Inject(new Fault(FaultKind.ReadBitFlip) { BitIndex = 77 });
        byte[] read = _device.ReadAll(0, Page);
        Assert.Equal(1 << 5, read[9] ^ data[9]);
        read[9] = data[9];
        Assert.Equal(data, read);
        Assert.Equal(data, _device.ReadAll(0, Page));
    }

    [Fact]
    public void WriteError_ThirdWriteOn_FailsForEverUntilHealed()
    {
        _device.Inject(new Fault(FaultKind.WriteError, Nth: 3) { IsForEver = true, Error = Errno.ENOSPC });
        using NativeBuffer data = DeviceBytes.Random(Page, seed: 3);
        Assert.Equal(
            [Errno.None, Errno.None, Errno.ENOSPC, Errno.ENOSPC],
            Enumerable.Range(0, 4).Select(index => _device.Write(data.Span, index * Page).Error));
        Assert.Equal(new byte[2 * Page], _disk.ReadAll(2 * Page, 2 * Page));
        _device.Heal();
        Assert.Equal(IoResult.Ok(Page), _device.Write(data.Span, 0));
    }

    [Fact]
    public void ShortWrite_TwoPages_KeepsTheFirst()
    {
        _device.Inject(new Fault(FaultKind.ShortWrite) { KeptBytes = Page });
        using NativeBuffer data = DeviceBytes.Random(2 * Page, seed: 4);
        Assert.Equal(new IoResult(Page, Errno.EIO), _device.Write(data.Span, 0));
        Assert.Equal([.. data.Span[..Page], .. new byte[Page]], _disk.ReadAll(0, 2 * Page));
    }

    [Fact]
    public void LostAndMisdirectedWrite_Reported_AreNotWhereTheyShallBe()
    {
        _device.Inject(new Fault(FaultKind.LostWrite));
        _device.Inject(new Fault(FaultKind.MisdirectedWrite, Nth: 2) { TargetOffsetBytes = 5 * Page });
        _device.WriteRandom(0, Page, seed: 5);
        byte[] misdirected = _device.WriteRandom(Page, Page, seed: 6);
        Assert.Equal(new byte[5 * Page], _disk.ReadAll(0, 5 * Page));
        Assert.Equal(misdirected, _disk.ReadAll(5 * Page, Page));
    }

    [Theory]
    [InlineData(false, Errno.None)]
    [InlineData(true, Errno.EIO)]
    public void FlushError_OnceOrForEver_NeverReachesTheDisk(bool isForEver, Errno second)
    {
        _device.Inject(new Fault(FaultKind.FlushError) { IsForEver = isForEver });
        Assert.Equal(Errno.EIO, _device.Flush());
        Assert.Empty(_disk.Events);
        Assert.Equal(second, _device.Flush());
    }

    [Fact]
    public void ResizeError_Growth_IsRefusedAndChangesNothing()
    {
        _device.Inject(new Fault(FaultKind.ResizeError) { Error = Errno.ENOSPC });
        Assert.Equal(Errno.ENOSPC, _device.Resize(16 * Page));
        Assert.Equal(8 * Page, _device.SizeBytes);
        Assert.Equal(Errno.None, _device.Resize(16 * Page));
    }

    [Fact]
    public void Queue_WriteError_ComesWithTheCompletion()
    {
        using var pool = new IoBufferPool(Page, 1);
        using IDeviceQueue queue = _device.CreateQueue(4);
        IoBufferLease lease = pool.Rent();
        _device.Inject(new Fault(FaultKind.WriteError, Nth: 2));
        for (int index = 0; index < 3; index++)
        {
            Assert.True(queue.TryWrite(new[] { lease.All() }, index * Page, (ulong)index));
        }

        var completions = new IoCompletion[3];
        Assert.Equal(3, queue.Reap(completions, 3));
        Assert.Equal([Errno.None, Errno.EIO, Errno.None], completions.Select(completion => completion.Result.Error));
    }

    [Fact]
    public void FlushGate_Closed_HoldsTheFlushUntilOpened()
    {
        using var gate = new ManualResetEventSlim();
        _device.FlushGate = gate;
        Errno result = Errno.EIO;
        var flusher = new Thread(() => result = _device.Flush());
        flusher.Start();
        _device.WriteRandom(0, Page, seed: 7);
        Assert.DoesNotContain(_disk.Events, entry => entry.Kind == SimEventKind.Flush);
        gate.Set();
        Assert.True(flusher.Join(TimeSpan.FromMinutes(1)));
        Assert.Equal(Errno.None, result);
        Assert.Contains(_disk.Events, entry => entry.Kind == SimEventKind.Flush);
    }

    [Fact]
    public void ReadGate_Closed_LetsReadNowSayWait()
    {
        using var gate = new ManualResetEventSlim();
        _device.ReadGate = gate;
        Assert.Equal(Errno.EAGAIN, _device.ReadNow(new byte[Page], 0).Error);
        gate.Set();
        Assert.Equal(IoResult.Ok(Page), _device.ReadNow(new byte[Page], 0));
    }
}
