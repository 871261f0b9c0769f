using Xunit;

namespace VfsBlock.TestKit;

/// <summary>
/// A block device of the test's own over a file. Put <see cref="LoopDeviceFactAttribute"/> on the test.
/// </summary>
public sealed class LoopDevice : IDisposable
{
    private readonly TempDirectory _directory = new();

    /// <summary>Makes the file, all zeros, and the device.</summary>
    /// <param name="sizeBytes">The device's size; a multiple of 512.</param>
    public LoopDevice(long sizeBytes)
    {
        BackingPath = _directory.File("disk");
        using (FileStream file = File.Create(BackingPath))
        {
            file.SetLength(sizeBytes);
        }

        ProgramRun? run = ProgramRun.Start("losetup", "--find", "--show", BackingPath);
        Path = run?.Output.Trim() ?? "";
        if (run is not { ExitCode: 0 })
        {
            _directory.Dispose();
            Assert.Fail($"losetup failed: {run?.Errors ?? "no such program"}");
        }
    }

    /// <summary>The device's path.</summary>
    public string Path { get; }

    /// <summary>The path of the file that holds the device's bytes.</summary>
    public string BackingPath { get; }

    public void Dispose()
    {
        // Where a test that failed has it open still, the kernel takes it away at the last close.
        ProgramRun.Start("losetup", "--detach", Path);
        _directory.Dispose();
    }
}
