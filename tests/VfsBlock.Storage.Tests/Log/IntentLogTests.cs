using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Log;

public sealed class IntentLogTests : IDisposable
{
    private readonly MemoryDevice _device = new(LogRig.DeviceBytes);

    public void Dispose() => _device.Dispose();

    [Fact]
    public void Position_Encoded_ComesBack()
    {
        byte[] bytes = new byte[LogPosition.SizeBytes];
        var position = new LogPosition(7, 0x0102030405060708, 0xAABBCCDD);
        position.Encode(bytes);
        Assert.Equal(position, LogPosition.Decode(bytes));
        Assert.Equal([7, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1, 0xDD, 0xCC, 0xBB, 0xAA], bytes);
    }

    [Fact]
    public void Batch_InBytes_IsAsTheFormatSays()
    {
        using var rig = new LogRig(_device);
        rig.Log.Generation = 9;
        rig.Append(5);
        rig.Commit();

        byte[] page = new byte[4096];
        _device.Read(page, rig.Ring.OffsetBytes);

        Assert.Equal("VLOG"u8.ToArray(), page[..4]);
        Assert.Equal(LogRig.ImageId, BitConverter.ToUInt64(page, 8));
        Assert.Equal(9UL, BitConverter.ToUInt64(page, 16));
        Assert.Equal(1UL, BitConverter.ToUInt64(page, 24));
        Assert.Equal(unchecked((uint)LogRig.ImageId), BitConverter.ToUInt32(page, 32));
        Assert.Equal((1U, 12U, 1U), (BitConverter.ToUInt32(page, 36), BitConverter.ToUInt32(page, 40), BitConverter.ToUInt32(page, 44)));
        Assert.Equal(0UL, BitConverter.ToUInt64(page, 48));
        Assert.Equal([7, 0, 12, 0, 5, 0, 0, 0, 0, 0, 0, 0], page[64..76]);
        uint checksum = BitConverter.ToUInt32(page, 4);
        page.AsSpan(4, 4).Clear();
        Assert.Equal(Crc32C.Compute(page), checksum);
    }

    [Fact]
    public void Write_EveryPageAsTheLastBeforeTheEnd_WrapsAndComesBack()
    {
        for (uint page = 0; page < 16; page++)
        {
            var start = new LogPosition(page, 40 + page, 77);
            using var rig = new LogRig(_device, start: start);
            rig.Append(1, 9000);
            rig.Commit();
            rig.Append(2, 9000);
            rig.Commit();

            (LogScan scan, List<ulong> numbers) = rig.Recover(start);

            Assert.Equal([1UL, 2UL], numbers);
            Assert.Equal(LogStatus.End, scan.Status);
            Assert.Equal(rig.Log.Head.Page, scan.End.Page);
            Assert.Equal(rig.Log.Head.PreviousChecksum, scan.End.PreviousChecksum);
            Assert.True(scan.End.Sequence > rig.Log.Head.Sequence);
        }
    }

    [Fact]
    public void Write_RingFull_IsRefusedUntilTrimmed()
    {
        using var rig = new LogRig(_device);
        for (ulong number = 1; number <= 8; number++)
        {
            Assert.Equal(rig.Log.UsedPages >= 8, rig.Log.WantsCheckpoint);
            rig.Append(number, 5000);
            rig.Commit();
        }

        LogPosition start = LogPosition.First(LogRig.ImageId);
        Assert.Equal(16, rig.Log.UsedPages);
        rig.Append(9);
        Assert.True(rig.Buffer.TryCut(out LogBatch batch));
        Assert.Equal(Errno.ENOSPC, rig.Log.Write(batch));
        Assert.Equal([1UL, 2, 3, 4, 5, 6, 7, 8], rig.Recover(start).Numbers);

        LogPosition trimmed = rig.Log.Head;
        rig.Log.Trim(trimmed);

        Assert.Equal(0, rig.Log.UsedPages);
        Assert.Equal(Errno.None, rig.Log.Write(batch));
        Assert.Equal([9UL], rig.Recover(trimmed).Numbers);
    }

    [Fact]
    public void Trim_ToTheMiddle_KeepsWhatLiesBehind()
    {
        using var rig = new LogRig(_device);
        rig.Append(1, 5000);
        rig.Commit();
        LogPosition middle = rig.Log.Head;
        rig.Append(2, 5000);
        rig.Commit();

        rig.Log.Trim(middle);
        rig.Log.Trim(middle);

        Assert.Equal(2, rig.Log.UsedPages);
        Assert.Equal([2UL], rig.Recover(middle).Numbers);
        Assert.Throws<ArgumentException>(() => rig.Log.Trim(LogPosition.First(LogRig.ImageId)));
    }

    [Fact]
    public void Skip_UntilTrimmed_NothingIsWrittenBehindTheGap()
    {
        using var rig = new LogRig(_device);
        rig.Append(1);
        rig.Commit();
        rig.Append(2);
        rig.Buffer.TryCut(out LogBatch skipped);
        rig.Log.Skip(skipped);
        rig.Buffer.Release(skipped);
        LogPosition root = rig.Log.Head;
        rig.Append(3);
        rig.Buffer.TryCut(out LogBatch batch);

        Assert.Equal(Errno.ENOSPC, rig.Log.Write(batch));
        Assert.Equal(Errno.None, rig.Log.Flush());
        Assert.Equal(1UL, rig.Log.FlushedThrough);
        rig.Log.Trim(root);
        Assert.Equal(2UL, rig.Log.FlushedThrough);
        Assert.Equal(Errno.None, rig.Log.Write(batch));
        Assert.Equal([3UL], rig.Recover(root).Numbers);
    }

    [Fact]
    public void WantsFlushedMarker_AfterAFlush_UntilAnEmptyBatchSaidSo()
    {
        using var rig = new LogRig(_device);
        Assert.False(rig.Log.WantsFlushedMarker);
        rig.Append(1);
        rig.Commit();
        Assert.True(rig.Log.WantsFlushedMarker);

        Assert.Equal(Errno.None, rig.Write());

        Assert.False(rig.Log.WantsFlushedMarker);
        Assert.Equal(1UL, rig.Recover(LogPosition.First(LogRig.ImageId)).Scan.FlushedThrough);
    }

    [Fact]
    public void Write_NotTheNext_Throws()
    {
        using var rig = new LogRig(_device);
        using var other = new LogBuffer(2, 1);
        other.TryCut(out LogBatch batch);
        Assert.Throws<InvalidOperationException>(() => rig.Log.Write(batch));
    }

    [Fact]
    public void Constructor_RingOutsideTheDevice_Throws()
    {
        LogPosition start = LogPosition.First(1);
        Assert.Throws<ArgumentException>(() => new IntentLog(_device, new LogRing(LogRig.DeviceBytes - 4096, 8), 1, start));
        Assert.Throws<ArgumentException>(() => new IntentLog(_device, new LogRing(0, 7), 1, start));
        Assert.Throws<ArgumentException>(() => new IntentLog(_device, new LogRing(0, 8), 1, start with { Page = 8 }));
    }

    [Fact]
    public void Erase_Always_LeavesZerosAndTouchesNothingElse()
    {
        using var ones = new NativeBuffer((int)LogRig.DeviceBytes);
        ones.Span.Fill(1);
        _device.Write(ones.Span, 0);

        Assert.Equal(Errno.None, IntentLog.Erase(_device, new LogRing(8192, 16)));

        byte[] all = new byte[LogRig.DeviceBytes];
        _device.Read(all, 0);
        Assert.False(all.AsSpan(8192, 16 * 4096).ContainsAnyExcept((byte)0));
        Assert.Equal(1, all[8191]);
        Assert.Equal(1, all[8192 + (16 * 4096)]);
    }

    [Fact]
    public void Commit_Steadily_AllocatesNothing()
    {
        using var rig = new LogRig(_device);
        using var transaction = new LogRecordWriter(64);
        Errno worst = Errno.None;
        AllocationProbe.AssertNone(() =>
        {
            transaction.Clear();
            transaction.NextInode(1);
            rig.Buffer.Append(transaction);
            rig.Buffer.TryCut(out LogBatch batch);
            Errno error = rig.Log.Write(batch);
            error = error == Errno.None ? rig.Log.Flush() : error;
            worst = error == Errno.None ? worst : error;
            rig.Buffer.Release(batch);
            rig.Log.Trim(rig.Log.Head);
        });
        Assert.Equal(Errno.None, worst);
    }
}
