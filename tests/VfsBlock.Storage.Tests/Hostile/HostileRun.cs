using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>Checks an image, opens it, uses it, closes it, and checks it again. Everything it takes is bounded.</summary>
internal sealed class HostileRun(Random random, MemoryDevice device)
{
    // A sound image takes a few thousand calls for all of this.
    private const long MaxCallCount = 100_000;
    private const long MaxCheckBytes = 64L << 20;

    /// <summary>What the first check found.</summary>
    public CheckReport? Report { get; private set; }

    /// <summary>Why the image was not opened, or null.</summary>
    public StorageException? Refusal { get; private set; }

    /// <summary>How often an answer was EIO.</summary>
    public int DamageCount { get; private set; }

    /// <summary>The most calls that a device got from a check, or from opening, using and closing.</summary>
    public long CallCount { get; private set; }

    /// <summary>Does all of it.</summary>
    /// <exception cref="InvalidOperationException">A bound was broken.</exception>
    public void Run()
    {
        Report = Check();
        Use();
        Check();
    }

    private CheckReport Check()
    {
        using var watched = new WatchedDevice(new LentDevice(device), MaxCallCount, canMap: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        CheckReport report = VolumeChecker.Check(watched, new CheckOptions { VerifiesData = true, ReplaysLog = random.Next(2) == 0 });
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (bytes > MaxCheckBytes)
        {
            throw new InvalidOperationException($"a check allocated {bytes} bytes");
        }

        Demand(watched);
        return report;
    }

    private void Use()
    {
        var watched = new WatchedDevice(new LentDevice(device), MaxCallCount, canMap: random.Next(2) == 0);
        var options = new VolumeOptions
        {
            File = new BlockFileOptions { FrameMemoryBytes = VolumeOptions.MinFrameMemoryBytes, IsReadOnly = random.Next(10) == 0 },
            WriteBufferBytes = VolumeOptions.MinWriteBufferBytes,
            LogBatchBytes = VolumeOptions.MinLogBatchBytes,
        };
        Volume volume;
        try
        {
            volume = Volume.Open(watched, options);
        }
        catch (StorageException refusal)
        {
            Refusal = refusal;
            Demand(watched);
            return;
        }

        using (volume)
        {
            var user = new HostileUser(random, volume);
            user.Walk();
            user.Work();
            DamageCount = user.DamageCount;
        }

        Demand(watched);
    }

    private void Demand(WatchedDevice watched)
    {
        CallCount = Math.Max(CallCount, watched.CallCount);
        if (watched.Outside is { } outside)
        {
            throw new InvalidOperationException($"outside of the device: {outside}");
        }
    }
}
