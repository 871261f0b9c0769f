using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>BF-22: a power cut anywhere leaves the state of some sync, and not an older one than the last acknowledged.</summary>
public sealed class BlockFileCrashTests(ITestOutputHelper output)
{
    private const int SyncCount = 8;
    private const int StepsPerSync = 12;
    private const int MaxImageCount = 6000;

    private sealed record State(int Position, Dictionary<ulong, byte> Blocks);

    [Theory]
    [Trait("Demand", "BF-22")]
    [InlineData(MetadataAccess.Pread)]
    public void PowerCut_Anywhere_LeavesTheStateOfASync(MetadataAccess metadata)
    {
        var random = new Random(RandomSeed.Take(output));
        var disk = new SimDisk(0, new SimDiskOptions { CompletionSeed = random.Next() });
        BlockFile.Format(disk, new BlockFileFormat { SizeLimitBytes = 400 * 4096 });
        var options = new BlockFileOptions { Metadata = metadata, FrameMemoryBytes = 1 << 20 };
        BlockFile file = BlockFile.Open(disk, options);
        int opened = disk.Position;
        List<State> states = [new State(opened, [])];
        for (int sync = 0; sync < SyncCount; sync++)
        {
            Dictionary<ulong, byte> blocks = new(states[^1].Blocks);
            for (int step = 0; step < StepsPerSync; step++)
            {
                Change(file, blocks, random);
            }

            Assert.Equal(Errno.None, file.SetControlData([(byte)(sync + 1)]));
            states.Add(new State(disk.Position, blocks));
        }

        int count = 0;
        var imageOptions = new CrashImageOptions { MaxImagesPerFlush = 400, RandomSubsetCount = 60, Seed = random.Next() };
        foreach (CrashImage image in new CrashImages(disk, imageOptions))
        {
            if (image.Position >= opened && count < MaxImageCount)
            {
                AssertIsSomeState(image, states, options);
                count++;
            }
        }

        output.WriteLine($"{count} crash images of {states.Count} states checked");
        Assert.True(count > 500, $"only {count} crash images");
    }

    private static void Change(BlockFile file, Dictionary<ulong, byte> blocks, Random random)
    {
        int choice = random.Next(3);
        if (choice == 0 || blocks.Count < 4)
        {
            int blockCount = random.Next(1, 4);
            Errno error = file.AllocateBlocks(blockCount, out BlockNumber first);
            for (int offset = 0; error == Errno.None && offset < blockCount; offset++)
            {
                blocks[first.Value + (ulong)offset] = 0;
            }

            return;
        }

        ulong block = blocks.Keys.ElementAt(random.Next(blocks.Count));
        if (choice == 1)
        {
            Assert.Equal(Errno.None, file.Free(new BlockNumber(block)));
            blocks.Remove(block);
            return;
        }

        byte value = (byte)random.Next(1, 256);
        Assert.Equal(Errno.None, file.DoEdit(new BlockNumber(block), 1, value, static (bytes, state) => bytes.Fill(state)));
        blocks[block] = value;
    }

    private static void AssertIsSomeState(CrashImage image, List<State> states, BlockFileOptions options)
    {
        int oldest = states.FindLastIndex(state => state.Position <= image.Position);
        SimDisk disk = image.Open();
        BlockFile file;
        try
        {
            file = BlockFile.Open(new KeptDevice(disk), options);
        }
        catch (StorageException refused)
        {
            throw new InvalidOperationException($"{image}: {refused.Message}", refused);
        }

        using (file)
        {
            int found = file.ControlData().FirstOrDefault();
            Assert.True(found >= oldest, $"{image}: state {found} is older than {oldest}");
            foreach ((ulong block, byte value) in states[found].Blocks)
            {
                Errno error = file.Get(new BlockNumber(block), 1, out BlockReadLease lease);
                Assert.True(error == Errno.None && lease.Span.IndexOfAnyExcept(value) < 0, $"{image}: block {block} is not {value} as in state {found} ({error})");
                lease.Dispose();
            }

            var layout = new ImageLayout(4096);
            long used = (file.SizeBytes / 4096) - (long)layout.FirstGroupBlock - layout.ReservedBlocks(0) - file.FreeBlockCount;
            Assert.True(used == states[found].Blocks.Count, $"{image}: {used} blocks in use, {states[found].Blocks.Count} in state {found}");
        }

        IReadOnlyList<BlockFileFinding> findings = BlockFileChecker.Check(disk);
        Assert.True(findings.Count == 0, $"{image}: {string.Join("; ", findings)}");
    }
}
