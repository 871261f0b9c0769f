using System.Buffers.Binary;
using System.Globalization;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>
/// Processes that are killed at a random moment of their work, or while they open the image; then the next goes on with what they left. The kernel keeps what it was given, so what
/// is found must be a prefix of what was done with all that was synced.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int CycleCount = 8;
    private const int ThreadCount = 4;
    private const int MaxEventCount = 2500;
    private const int MaxOpeningMs = 150;
    private const int BlockCycleCount = 5;
    private const int MaxBlockSyncs = 300;

    // VFSBLOCK_SCALE=20 for a night.
    private static int Scale { get; } = int.Parse(Environment.GetEnvironmentVariable("VFSBLOCK_SCALE") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void Kill_WhileThreadsChangeAndSync_LeavesAPrefixWithAllThatWasSynced()
    {
        int seed = RandomSeed.Take(output);
        var random = new Random(seed);
        using var directory = new TempDirectory();
        string image = directory.File("image");
        Volume.Format(image, AceWorkloads.Format with { SizeLimitBytes = 1 << 30 });
        Dictionary<string, string> kept = [];
        int syncCount = 0;
        int doneCount = 0;
        for (int cycle = 0; cycle < CycleCount * Scale; cycle++)
        {
            KillHistory history = Run(image, seed, cycle, random, isKilledEarly: cycle > 0 && random.Next(4) == 0);
            syncCount += history.SyncCount;
            doneCount += history.DoneCount;
            try
            {
                Check(image, directory.File("copy"), seed, cycle, history, kept);
            }
            catch (Exception exception)
            {
                throw new CrashFailedException($"cycle {cycle}, {history.DoneCount} operations, {history.SyncCount} syncs: {exception.Message}", exception);
            }
        }

        string text = $"{CycleCount * Scale} kills, {doneCount} operations, {syncCount} syncs";
        output.WriteLine(text);
        Console.WriteLine(text);
        Assert.True(syncCount > 0, "no process came as far as a sync");
    }

    [Fact]
    [Trait("Demand", "BF-18")]
    public void Kill_BlockFileAfterSync_KeepsWhatWasSynced()
    {
        var random = new Random(RandomSeed.Take(output));
        using var directory = new TempDirectory();
        string image = directory.File("image");
        BlockFile.Create(image).Dispose();
        long told = 0;
        for (int cycle = 0; cycle < BlockCycleCount * Scale; cycle++)
        {
            using (var process = new KillProcess(KillBlocks.Word, image))
            {
                byte[] message = new byte[KillBlocks.NumberBytes];
                int toldCount = 0;
                int killAt = random.Next(1, MaxBlockSyncs);
                while (process.TryRead(message))
                {
                    told = BinaryPrimitives.ReadInt64LittleEndian(message);
                    if (++toldCount == killAt)
                    {
                        process.Kill();
                    }
                }

                process.WaitForKill();
            }

            using BlockFile file = BlockFile.Open(image);
            (long number, BlockNumber block) = KillBlocks.Last(file);
            Assert.InRange(number, told, told + 1);
            Assert.Equal(Errno.None, file.Do(block, 1, number, (bytes, written) => Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)written))));
        }
    }

    private static KillHistory Run(string image, int seed, int cycle, Random random, bool isKilledEarly)
    {
        string[] numbers = [.. new[] { seed, cycle, ThreadCount }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        using var process = new KillProcess([image, .. numbers]);
        var history = new KillHistory(ThreadCount);
        int countdown = random.Next(1, MaxEventCount);
        byte[] message = new byte[KillEvent.EncodedBytes];
        while (process.TryRead(message))
        {
            var what = KillEvent.Read(message);
            history.Add(what);
            if (isKilledEarly && what.Kind == KillEventKind.Opening)
            {
                Thread.Sleep(random.Next(MaxOpeningMs));
                process.Kill();
            }
            else if (what.Kind != KillEventKind.Opening && --countdown == 0)
            {
                Thread.SpinWait(random.Next(100_000));
                process.Kill();
            }
        }

        process.WaitForKill();
        return history;
    }

    // On a copy: what was killed is left to the next process to recover.
    private static void Check(string image, string copy, int seed, int cycle, KillHistory history, Dictionary<string, string> kept)
    {
        File.Copy(image, copy, overwrite: true);
        AssertClean(copy, "killed");
        using (Volume volume = Volume.Open(copy, KillOptions.Of(seed, cycle) with { Maintenance = MaintenanceOptions.Off }))
        {
            var found = VolumeListing.ReadAll(volume, InodeNumber.Root).Skip(2).ToDictionary(entry => entry.Name, entry => TreeDigest.Of(volume, entry.Number));
            CheckKept(found, cycle, kept);
            CheckCycle(found, seed, cycle, history);
            Assert.Equal(Errno.None, volume.DeleteOrphans());
            Assert.Equal(0, volume.DamageCount);
        }

        AssertClean(copy, "recovered");
    }

    private static void CheckKept(Dictionary<string, string> found, int cycle, Dictionary<string, string> kept)
    {
        foreach ((string name, string digest) in kept)
        {
            if (KillWorker.IsOld(name, cycle))
            {
                kept.Remove(name);
            }
            else
            {
                Assert.True(found.TryGetValue(name, out string? now), $"{name} is gone");
                Assert.Equal(digest, now);
            }
        }

        foreach ((string name, string digest) in found)
        {
            if (!kept.ContainsKey(name) && !KillWorker.IsOld(name, cycle))
            {
                Assert.Equal(cycle, KillWorkload.CycleOf(name));
                kept.Add(name, digest);
            }
        }
    }

    private static void CheckCycle(Dictionary<string, string> found, int seed, int cycle, KillHistory history)
    {
        KillMatch[] matches = new KillMatch[ThreadCount];
        for (int thread = 0; thread < ThreadCount; thread++)
        {
            KillMatch? Find(int least)
            {
                var workload = new KillWorkload(seed, cycle, thread);
                return KillMatch.Find(workload, history.BegunCount(thread), found.GetValueOrDefault(workload.Directory), least);
            }

            matches[thread] = Find(history.Durable[thread]) ?? throw new CrashFailedException(
                $"thread {thread}: {history.Durable[thread]} of {history.BegunCount(thread)} operations were synced, "
                + (Find(0) is { } older ? $"{older.Whole} are there" : $"what is there is no state between:\n{found.GetValueOrDefault(KillWorkload.NameOf(cycle, thread))}"));
        }

        int[] required = history.Required(Array.ConvertAll(matches, match => match.Touched));
        for (int thread = 0; thread < ThreadCount; thread++)
        {
            Assert.True(
                matches[thread].Whole >= required[thread],
                $"thread {thread}: {matches[thread].Whole} operations are there, {required[thread]} had ended before one began that is there, or that was synced");
        }
    }

    private static void AssertClean(string image, string when)
    {
        using FileDevice device = FileDevice.Open(image);
        CheckReport report = VolumeChecker.Check(device, new CheckOptions { VerifiesData = true, ReplaysLog = true });
        Assert.True(report.Findings.Count == 0, $"{when}: {string.Join("\n", report.Findings)}");
    }
}
