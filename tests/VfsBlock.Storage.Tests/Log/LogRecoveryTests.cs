using System.Buffers.Binary;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Log;

public class LogRecoveryTests(ITestOutputHelper output)
{
    private static readonly LogPosition _start = LogPosition.First(LogRig.ImageId);

    [Fact]
    public void Recover_NothingWritten_IsEmptyAndGoesOn()
    {
        using var disk = new SimDisk(LogRig.DeviceBytes);
        using var rig = new LogRig(disk);
        (LogScan scan, List<ulong> numbers) = rig.Recover(_start);
        Assert.Empty(numbers);
        Assert.Equal((LogStatus.End, 0, 0, 0U), (scan.Status, scan.KeptCount, scan.DroppedCount, scan.End.Page));
    }

    [Fact]
    public void Recover_EveryCrashImage_GivesAPrefixWithEverythingAcknowledged()
    {
        int seed = RandomSeed.Take(output);
        var random = new Random(seed);
        int imageCount = 0;
        for (int round = 0; round < 12; round++)
        {
            using var disk = new SimDisk(LogRig.DeviceBytes);
            using var rig = new LogRig(disk);
            List<(int Position, ulong Number)> acknowledged = [];
            ulong block = LogRig.DataBlock;
            for (ulong number = 1; number <= 10; number++)
            {
                if (random.Next(2) == 0)
                {
                    rig.AppendWithData(number, block++);
                }
                else
                {
                    rig.Append(number, random.Next(6000));
                }

                Assert.Equal(Errno.None, rig.Write());
                if (random.Next(3) != 0)
                {
                    Assert.Equal(Errno.None, rig.Log.Flush());
                    acknowledged.Add((disk.Position, number));
                }
            }

            foreach (CrashImage image in new CrashImages(disk, new CrashImageOptions { Seed = seed, MaxImagesPerFlush = 400 }))
            {
                using SimDisk crashed = image.Open();
                (LogScan scan, List<ulong> numbers) = LogRig.Recover(crashed, rig.Ring, _start);
                ulong least = acknowledged.LastOrDefault(item => item.Position <= image.Position).Number;
                Assert.True(scan.Status == LogStatus.End, image.ToString());
                Assert.True((ulong)numbers.Count >= least, $"acknowledged {least}, recovered {numbers.Count}: {image}");
                Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (ulong)number), numbers);
                CheckData(crashed, numbers, rig);
                imageCount++;
            }
        }

        output.WriteLine($"{imageCount} crash images");
    }

    [Fact]
    public void Recover_LogGoneRoundManyTimes_StaleBatchesNeverPass()
    {
        int seed = RandomSeed.Take(output);
        var random = new Random(seed);
        using var disk = new SimDisk(LogRig.DeviceBytes);
        using var rig = new LogRig(disk, ringPages: 8, batchPages: 2);
        LogPosition root = _start;
        ulong trimmed = 0;
        for (ulong number = 1; number <= 200; number++)
        {
            rig.Append(number, random.Next(4000));
            if (rig.Log.UsedPages > 4)
            {
                root = rig.Log.Head;
                trimmed = number - 1;
                rig.Log.Trim(root);
            }

            rig.Commit();
            List<ulong> expected = [];
            for (ulong kept = trimmed + 1; kept <= number; kept++)
            {
                expected.Add(kept);
            }

            Assert.Equal(expected, rig.Recover(root).Numbers);
        }
    }

    [Fact]
    public void Recover_AnyByteOfTheLastBatchWrong_DropsThatBatchOnly()
    {
        using var device = new MemoryDevice(LogRig.DeviceBytes);
        using var rig = new LogRig(device);
        rig.Append(1);
        rig.Commit();
        rig.Append(2, 5000);
        rig.Commit();
        for (int offsetBytes = 0; offsetBytes < 8192; offsetBytes += 37)
        {
            Flip(device, rig.Ring.OffsetBytes + 4096 + offsetBytes);
            Assert.Equal([1UL], rig.Recover(_start).Numbers);
            Flip(device, rig.Ring.OffsetBytes + 4096 + offsetBytes);
        }

        Assert.Equal([1UL, 2UL], rig.Recover(_start).Numbers);
    }

    [Fact]
    public void Recover_DataOfTheLastBatchMissing_DropsIt()
    {
        using var device = new MemoryDevice(LogRig.DeviceBytes);
        using var rig = new LogRig(device);
        rig.AppendWithData(1, 70);
        rig.Commit();
        rig.AppendWithData(2, 71);
        rig.Commit();
        Flip(device, 71 * 4096);

        (LogScan scan, List<ulong> numbers) = rig.Recover(_start);

        Assert.Equal([1UL], numbers);
        Assert.Equal((1, 1, 0L), (scan.KeptCount, scan.DroppedCount, scan.DamagedBlockCount));
    }

    [Fact]
    public void Recover_DataMissingAndLaterSaidFlushed_KeepsAndReports()
    {
        using var device = new MemoryDevice(LogRig.DeviceBytes);
        using var rig = new LogRig(device);
        rig.AppendWithData(1, 70);
        rig.AppendWithData(2, 71);
        rig.Commit();
        Assert.Equal(Errno.None, rig.Write());
        Flip(device, 71 * 4096);

        Assert.Equal([1UL, 2UL], rig.Recover(_start).Numbers);
        (LogScan scan, List<ulong> numbers) = LogRig.Recover(device, rig.Ring, _start, checkFlushedData: true);

        Assert.Equal([1UL, 2UL], numbers);
        Assert.Equal((LogStatus.End, 0, 1L, 71UL), (scan.Status, scan.DroppedCount, scan.DamagedBlockCount, scan.FirstDamagedBlock.Value));
    }

    [Fact]
    public void Recover_DataOfAnUnflushedBatchInTheMiddleMissing_DropsEverythingFromThere()
    {
        using var device = new MemoryDevice(LogRig.DeviceBytes);
        using var rig = new LogRig(device);
        for (ulong number = 1; number <= 3; number++)
        {
            rig.AppendWithData(number, 70 + number);
            rig.Write();
        }

        Flip(device, 72 * 4096);
        (LogScan scan, List<ulong> numbers) = rig.Recover(_start);
        Assert.Equal([1UL], numbers);
        Assert.Equal(2, scan.DroppedCount);
    }

    [Fact]
    public void Recover_DroppedBatchWholeAgainLater_DoesNotPassBehindTheNewRoot()
    {
        using var device = new MemoryDevice(LogRig.DeviceBytes);
        using var rig = new LogRig(device);
        rig.AppendWithData(1, 70);
        rig.Commit();
        Flip(device, 70 * 4096);
        LogScan scan = rig.Recover(_start).Scan;
        Assert.Equal(1, scan.DroppedCount);
        Flip(device, 70 * 4096);

        Assert.Empty(rig.Recover(scan.End).Numbers);
        using var next = new LogRig(device, start: scan.End);
        next.Append(8);
        next.Commit();
        Assert.Equal([8UL], next.Recover(scan.End).Numbers);
    }

    [Theory]
    [InlineData(40, 4096 - 64 + 1)]
    [InlineData(40, int.MaxValue)]
    [InlineData(40, -1)]
    [InlineData(40, 11)]
    [InlineData(44, 0)]
    [InlineData(44, 2)]
    [InlineData(44, -1)]
    [InlineData(48, 1)]
    [InlineData(64, 0x000C_0009)]
    [InlineData(64, 0x0003_0007)]
    [InlineData(64, unchecked((int)0xFFFF_0001))]
    public void Recover_HostileBatchWithRightChecksum_IsDamaged(int offsetBytes, int value)
    {
        using var device = new MemoryDevice(LogRig.DeviceBytes);
        using var rig = new LogRig(device);
        rig.Append(1);
        rig.Commit();
        Forge(device, rig.Ring, offsetBytes, value);

        (LogScan scan, List<ulong> numbers) = rig.Recover(_start);

        Assert.Equal(LogStatus.Damaged, scan.Status);
        Assert.Empty(numbers);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(8, 0)]
    [InlineData(24, 2)]
    [InlineData(32, 0)]
    [InlineData(36, 0)]
    [InlineData(36, 2)]
    [InlineData(36, 17)]
    [InlineData(36, int.MaxValue)]
    [InlineData(36, -1)]
    public void Recover_NotTheBatchExpected_IsTheEnd(int offsetBytes, int value)
    {
        using var device = new MemoryDevice(LogRig.DeviceBytes);
        using var rig = new LogRig(device);
        rig.Append(1);
        rig.Commit();
        Forge(device, rig.Ring, offsetBytes, value);

        (LogScan scan, List<ulong> numbers) = rig.Recover(_start);

        Assert.Equal((LogStatus.End, 0), (scan.Status, scan.KeptCount));
        Assert.Empty(numbers);
    }

    private static void CheckData(SimDisk disk, List<ulong> numbers, LogRig rig)
    {
        using var recovery = new LogRecovery(disk, rig.Ring, LogRig.ImageId, _start);
        LogScan scan = recovery.Scan(checkFlushedData: true);
        Assert.Equal(0, scan.DamagedBlockCount);
        Assert.Equal(numbers.Count, scan.KeptCount);
    }

    private static void Forge(MemoryDevice device, LogRing ring, int offsetBytes, int value)
    {
        using var page = new NativeBuffer(4096);
        device.Read(page.Span, ring.OffsetBytes);
        BinaryPrimitives.WriteInt32LittleEndian(page.Span[offsetBytes..], value);
        BinaryPrimitives.WriteUInt32LittleEndian(page.Span[4..], LogFormat.ComputeChecksum(page.Span));
        Assert.True(device.Write(page.Span, ring.OffsetBytes).Succeeded);
    }

    private static void Flip(MemoryDevice device, long offsetBytes)
    {
        using var page = new NativeBuffer(4096);
        long pageBytes = offsetBytes & ~4095L;
        device.Read(page.Span, pageBytes);
        page.Span[(int)(offsetBytes - pageBytes)] ^= 0x40;
        Assert.True(device.Write(page.Span, pageBytes).Succeeded);
    }
}
