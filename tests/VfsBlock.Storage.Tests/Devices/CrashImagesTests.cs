using System.Diagnostics;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>What a power cut leaves of a simulated disk.</summary>
public sealed class CrashImagesTests(ITestOutputHelper output)
{
    private const int Page = 4096;
    private const int SmallPages = 6;

    private static readonly CrashImageOptions _untorn = new() { HasTornWrites = false };

    [Fact]
    public void Images_RandomSmallTraces_AreThoseOfTheObviousEnumerator()
    {
        int seed = RandomSeed.Take(output);
        int imageCount = 0;
        for (int trace = 0; trace < 60; trace++)
        {
            using SimDisk disk = RandomTrace(new Random(seed + trace), changeCount: 7);
            HashSet<string> fast = [.. new CrashImages(disk, _untorn).Select(Content)];
            HashSet<string> slow = SlowCrashImages.All(disk, SmallPages * Page);
            Assert.True(slow.SetEquals(fast), $"trace {trace}: {slow.Count} images, not {fast.Count}");
            imageCount += slow.Count;
        }

        output.WriteLine($"{imageCount} crash images compared");
    }

    [Fact]
    public void Images_BeyondTheLimit_AreSomeOfThoseOfTheObviousEnumerator()
    {
        int seed = RandomSeed.Take(output);
        using SimDisk disk = RandomTrace(new Random(seed), changeCount: 9, flushEvery: 0);
        HashSet<string> slow = SlowCrashImages.All(disk, SmallPages * Page);
        HashSet<string> some = [.. new CrashImages(disk, _untorn with { FullSubsetLimit = 3, RandomSubsetCount = 20 }).Select(Content)];
        Assert.Subset(slow, some);
        Assert.InRange(some.Count, 10, slow.Count);
        Assert.Contains(SlowCrashImages.Name(disk.ReadAll(0, disk.SizeBytes)), some);
        Assert.Contains(SlowCrashImages.Name(new byte[SmallPages * Page]), some);
    }

    [Fact]
    public void Images_SameSeed_AreTheSameInTheSameOrder()
    {
        using SimDisk disk = RandomTrace(new Random(5), changeCount: 20);
        var options = new CrashImageOptions { FullSubsetLimit = 4, RandomSubsetCount = 10, Seed = 9 };
        string[] first = [.. new CrashImages(disk, options).Select(image => $"{Content(image)} {image}")];
        Assert.Equal(first, new CrashImages(disk, options).Select(image => $"{Content(image)} {image}"));
        Assert.NotEqual(first, new CrashImages(disk, options with { Seed = 10 }).Select(image => $"{Content(image)} {image}"));
    }

    [Fact]
    public void Images_Budget_LimitsThem()
    {
        using SimDisk disk = RandomTrace(new Random(6), changeCount: 10, flushEvery: 0);
        Assert.Equal(25, new CrashImages(disk, new CrashImageOptions { MaxImagesPerFlush = 25 }).Count());
    }

    [Fact]
    public void Images_WriteFlushedBefore_IsInEveryLaterOne()
    {
        using var disk = new SimDisk(2 * Page);
        byte[] flushed = disk.WriteRandom(0, Page, seed: 1);
        Assert.Equal(Errno.None, disk.Flush());
        int acknowledged = disk.Position;
        disk.WriteRandom(Page, Page, seed: 2);
        int laterCount = 0;
        foreach (CrashImage image in new CrashImages(disk).Where(image => image.Position >= acknowledged))
        {
            using SimDisk after = image.Open();
            Assert.Equal(flushed, after.ReadAll(0, Page));
            laterCount++;
        }

        Assert.True(laterCount > 2);
        Assert.Contains(new CrashImages(disk), image => image.Position < acknowledged);
    }

    [Fact]
    public void Images_TornWrite_IsCutAtSectorsWithEveryFill()
    {
        using var disk = new SimDisk(Page);
        byte[] stale = disk.WriteRandom(0, Page, seed: 1);
        byte[] old = disk.WriteRandom(0, Page, seed: 2);
        Assert.Equal(Errno.None, disk.Flush());
        byte[] data = disk.WriteRandom(0, Page, seed: 3);
        HashSet<string> images = [.. new CrashImages(disk).Select(Content)];
        foreach (byte[] rest in new[] { stale, old })
        {
            Assert.Contains(SlowCrashImages.Name([.. data[..512], .. rest[512..]]), images);
            Assert.Contains(SlowCrashImages.Name([.. data[..^512], .. rest[^512..]]), images);
            Assert.Contains(images, image => Enumerable.Range(1, 7).Any(cut =>
                image == SlowCrashImages.Name([.. rest[..(cut * 512)], .. data[(cut * 512)..]])));
        }

        Assert.Contains(SlowCrashImages.Name(data), images);
        Assert.Contains(SlowCrashImages.Name(stale), images);
        Assert.Contains(new CrashImages(disk), image =>
        {
            byte[] bytes = image.Open().ReadAll(0, Page);
            return bytes.AsSpan(0, 512).SequenceEqual(data.AsSpan(0, 512)) && !bytes.AsSpan(512, 512).SequenceEqual(data.AsSpan(512, 512))
                && !bytes.AsSpan(512, 512).SequenceEqual(old.AsSpan(512, 512)) && !bytes.AsSpan(512, 512).SequenceEqual(stale.AsSpan(512, 512));
        });
    }

    [Fact]
    public void Image_WrittenTo_LeavesTheNextOneAlone()
    {
        using SimDisk disk = RandomTrace(new Random(7), changeCount: 6);
        string[] untouched = [.. new CrashImages(disk).Select(Content)];
        var scribbled = new List<string>();
        foreach (CrashImage image in new CrashImages(disk))
        {
            scribbled.Add(Content(image));
            using SimDisk recovery = image.Open();
            recovery.WriteRandom(0, 2 * Page, seed: 8);
            Assert.Equal(Errno.None, recovery.Resize(3 * Page));
            Assert.Equal(Errno.None, recovery.Discard(0, Page));
        }

        Assert.Equal(untouched, scribbled);
    }

    [Fact]
    public void Image_CrashDuringRecovery_GivesImagesOfItsOwn()
    {
        using var disk = new SimDisk(2 * Page);
        byte[] first = disk.WriteRandom(0, Page, seed: 1);
        CrashImage image = new CrashImages(disk, _untorn).First(found => found.Open().ReadAll(0, Page).AsSpan().SequenceEqual(first));
        using SimDisk recovery = image.Open();
        byte[] second = recovery.WriteRandom(Page, Page, seed: 2);
        HashSet<string> again = [.. new CrashImages(recovery, _untorn).Select(Content)];
        Assert.Equal(2, again.Count);
        Assert.Contains(SlowCrashImages.Name([.. first, .. new byte[Page]]), again);
        Assert.Contains(SlowCrashImages.Name([.. first, .. second]), again);
    }

    [Fact]
    public void Image_UsedAfterTheNext_Throws()
    {
        using SimDisk disk = RandomTrace(new Random(8), changeCount: 3);
        using IEnumerator<CrashImage> images = new CrashImages(disk).GetEnumerator();
        Assert.True(images.MoveNext());
        using SimDisk first = images.Current.Open();
        first.ReadAll(0, Page);
        Assert.True(images.MoveNext());
        Assert.Throws<InvalidOperationException>(() => first.ReadAll(0, Page));
    }

    [Fact]
    public void Images_FourMebibyteDisk_AreMadeFast()
    {
        using var disk = new SimDisk(4 << 20);
        disk.WriteRandom(0, 4 << 20, seed: 1);
        disk.Settle();
        var random = new Random(2);
        for (int change = 0; change < 100; change++)
        {
            disk.WriteRandom(random.Next(1000) * (long)Page, random.Next(1, 16) * Page, seed: change);
            if (change % 10 == 9)
            {
                Assert.Equal(Errno.None, disk.Flush());
            }
        }

        var clock = Stopwatch.StartNew();
        int count = 0;
        byte[] buffer = new byte[64 * 1024];
        foreach (CrashImage image in new CrashImages(disk))
        {
            using SimDisk after = image.Open();
            Assert.Equal(IoResult.Ok(buffer.Length), after.Read(buffer, 0));
            count++;
        }

        output.WriteLine($"{count} crash images of a 4 MiB disk in {clock.ElapsedMilliseconds} ms: {count / clock.Elapsed.TotalSeconds:F0} a second");
        Assert.True(count > 10 * 1024);
    }

    private static SimDisk RandomTrace(Random random, int changeCount, int flushEvery = 4)
    {
        var disk = new SimDisk(SmallPages * Page, new SimDiskOptions { CompletionSeed = random.Next() });
        using var pool = new IoBufferPool(2 * Page, 4);
        using IDeviceQueue queue = disk.CreateQueue(4);
        var completions = new IoCompletion[4];
        for (int change = 0; change < changeCount; change++)
        {
            long pages = disk.SizeBytes / Page;
            int length = random.Next(1, 3) * Page;
            long offset = random.NextInt64(pages - 1) * Page;
            int choice = random.Next(10);
            if (choice > 2 && queue.InFlightCount == 0 && random.Next(2) == 0)
            {
                IoBufferLease lease = pool.Rent();
                random.NextBytes(lease.Span);
                Assert.True(queue.TryWrite(lease.Slice(0, length), offset, 0));
                RunFlush(disk, random, flushEvery);
                Assert.Equal(1, queue.Reap(completions, 1));
                lease.Dispose();
            }
            else if (choice == 0)
            {
                Assert.Equal(Errno.None, disk.Resize(random.Next(3, 9) * Page));
            }
            else if (choice == 1)
            {
                Assert.Equal(Errno.None, disk.Discard(offset, length));
            }
            else
            {
                disk.WriteRandom(offset, length, random.Next());
            }

            RunFlush(disk, random, flushEvery);
        }

        return disk;
    }

    private static void RunFlush(SimDisk disk, Random random, int flushEvery)
    {
        if (flushEvery > 0 && random.Next(flushEvery) == 0)
        {
            Assert.Equal(Errno.None, disk.Flush());
        }
    }

    private static string Content(CrashImage image)
    {
        using SimDisk disk = image.Open();
        return SlowCrashImages.Name(disk.ReadAll(0, disk.SizeBytes));
    }
}
