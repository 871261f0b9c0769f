namespace VfsBlock.Storage.Tests;

/// <summary>How a cycle opens the image: the same in every process, by the seed.</summary>
internal static class KillOptions
{
    public static VolumeOptions Of(int seed, int cycle)
    {
        var random = new Random(unchecked((seed * 17) + cycle));
        bool isSmall = random.Next(2) == 0;
        return new VolumeOptions
        {
            WriteBufferBytes = isSmall ? VolumeOptions.MinWriteBufferBytes : 16 << 20,
            LogBatchBytes = isSmall ? VolumeOptions.MinLogBatchBytes : 2 << 20,
            File = new BlockFileOptions { Metadata = random.Next(2) == 0 ? MetadataAccess.Pread : MetadataAccess.Auto, FrameMemoryBytes = VolumeOptions.MinFrameMemoryBytes },
            Maintenance = new MaintenanceOptions
            {
                CommitInterval = TimeSpan.FromMilliseconds(random.Next(1, 200)),
                CheckpointInterval = TimeSpan.FromMilliseconds(random.Next(1, 400)),
            },
        };
    }
}
