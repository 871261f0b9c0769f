using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>More nodes than fit the memory for them, and no map: loads throw nodes out all the time, also those that a change is about to need.</summary>
public sealed class VolumeEvictionTests(ITestOutputHelper output)
{
    private const int FileCount = 500;
    private const int ValueBytes = 60_000;
    private const int ReaderCount = 6;
    private const int WriterCount = 2;
    private const int LoaderCount = 120;
    private const int ChangeCount = 2000;

    private static readonly VolumeOptions _options = new()
    {
        File = new BlockFileOptions { Metadata = MetadataAccess.Pread, FrameMemoryBytes = VolumeOptions.MinFrameMemoryBytes },
    };

    [Fact]
    public async Task Changes_BesideLoadsThatEvict_AllSucceed()
    {
        int seed = RandomSeed.Take(output);
        using var device = new MemoryDevice(0);
        InodeNumber[] files = Fill(device);
        using (Volume volume = Volume.Open(new LentDevice(device), _options))
        {
            using var hasEnded = new CancellationTokenSource();
            Task[] readers = [.. Enumerable.Range(0, ReaderCount).Select(number => Run(() => Read(volume, files, new Random(seed - 1 - number), hasEnded.Token)))];
            Task[] writers = [.. Enumerable.Range(0, WriterCount).Select(number => Run(() => Change(volume, files, number, new Random(seed + number))))];
            await Task.WhenAll(writers).WaitAsync(TimeSpan.FromMinutes(5));
            await hasEnded.CancelAsync();
            await Task.WhenAll(readers).WaitAsync(TimeSpan.FromMinutes(2));
            output.WriteLine($"{volume.Core.Store.EvictionCount} nodes were evicted");
            Assert.True(volume.Core.Store.EvictionCount > FileCount, "hardly a node was evicted");
            Assert.Equal(0, volume.DamageCount);
        }

        CheckReport report = VolumeChecker.Check(new LentDevice(device), new CheckOptions());
        Assert.True(report.Findings.Count == 0, string.Join("\n", report.Findings));
    }

    /// <summary>Loads need no lock of the volume's: they must not take what a change has looked at and is about to change.</summary>
    [Fact]
    public void Change_LoadsThatNeedMemoryComeBetween_Succeeds()
    {
        using var device = new MemoryDevice(0);
        InodeNumber[] files = Fill(device);
        using Volume volume = Volume.Open(new LentDevice(device), _options);
        byte[] buffer = new byte[ValueBytes];
        foreach (InodeNumber file in files)
        {
            Assert.Equal(Errno.None, volume.GetXattr(file, "user.large"u8, buffer, out _));
        }

        Thread[] loaders = [.. FindCold(volume.Core, files).Take(LoaderCount).Select(node => new Thread(() => volume.Core.Store.Load(node)))];
        Assert.Equal(LoaderCount, loaders.Length);
        var change = new ChangeAfterLoads(files[0], loaders);
        try
        {
            Assert.Equal(Errno.None, volume.Core.Change(ref change));
        }
        finally
        {
            Array.ForEach(loaders, loader => loader.Join());
        }

        Assert.Equal(Errno.None, volume.GetAttributes(files[0], out InodeItem attributes));
        Assert.Equal(ChangeAfterLoads.UserId, attributes.UserId);
    }

    private static List<NodePointer> FindCold(VolumeCore core, InodeNumber[] files)
    {
        List<NodePointer> found = [];
        core.Exclusively(files, (_, _) =>
        {
            foreach (InodeNumber file in files)
            {
                if (core.Files.Find(FileKey.Of(file, ItemType.Inode), out _, out NodePointer cold) == TreeStatus.Cold)
                {
                    found.Add(cold);
                }
            }
        });
        return found;
    }

    private static Task Run(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static InodeNumber[] Fill(MemoryDevice device)
    {
        Volume.Format(device, new VolumeFormat { LogBytes = VolumeFormat.MinLogBytes });
        using Volume volume = Volume.Open(new LentDevice(device), _options);
        return [.. Enumerable.Range(0, FileCount).Select(number =>
        {
            Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, Name(number), 0x1A4, default, out InodeEntry entry));
            Assert.Equal(Errno.None, volume.SetXattr(entry.Number, "user.large"u8, Value(number)));
            return entry.Number;
        })];
    }

    private static void Read(Volume volume, InodeNumber[] files, Random random, CancellationToken hasEnded)
    {
        byte[] buffer = new byte[ValueBytes];
        while (!hasEnded.IsCancellationRequested)
        {
            int number = random.Next(FileCount);
            Assert.Equal(Errno.None, volume.GetXattr(files[number], "user.large"u8, buffer, out int valueBytes));
            Assert.True(buffer.AsSpan(0, valueBytes).SequenceEqual(Value(number)), $"the value of file {number} is another's");
        }
    }

    // Each thread changes files of its own: what it wrote last must be there.
    private static void Change(Volume volume, InodeNumber[] files, int thread, Random random)
    {
        var values = new Dictionary<int, byte[]>();
        byte[] buffer = new byte[100];
        for (int step = 0; step < ChangeCount; step++)
        {
            int number = (random.Next(FileCount / WriterCount) * WriterCount) + thread;
            byte[] value = new byte[random.Next(1, buffer.Length)];
            random.NextBytes(value);
            if (values.TryGetValue(number, out byte[]? last))
            {
                Assert.Equal(Errno.None, volume.GetXattr(files[number], "user.small"u8, buffer, out int valueBytes));
                Assert.Equal(last, buffer[..valueBytes]);
            }

            Assert.Equal(Errno.None, volume.SetXattr(files[number], "user.small"u8, value));
            values[number] = value;
            byte[] name = Encoding.ASCII.GetBytes($"new {thread} {step}");
            Assert.Equal(Errno.None, volume.Link(files[number], InodeNumber.Root, name, out _));
            Assert.Equal(Errno.None, volume.Unlink(InodeNumber.Root, name));
        }
    }

    private static byte[] Name(int number) => Encoding.ASCII.GetBytes($"file {number}");

    private static byte[] Value(int number)
    {
        byte[] value = new byte[ValueBytes];
        value.AsSpan().Fill((byte)(number + 1));
        return value;
    }
}
