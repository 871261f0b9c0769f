using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>A block device over a file. Put a Root attribute on the test.</summary>
internal sealed class LoopDevice : IDisposable
{
    private readonly TempDirectory _directory = new();
    private bool _isDetached;

    public LoopDevice(long sizeBytes)
    {
        string file = _directory.File("disk");
        using (FileStream stream = File.Create(file))
        {
            stream.SetLength(sizeBytes);
        }

        ProgramRun? run = ProgramRun.Start("losetup", "--find", "--show", file);
        if (run is not { ExitCode: 0 })
        {
            _directory.Dispose();
            Assert.Fail($"losetup failed: {run?.Errors ?? "no such program"}");
        }

        Path = run.Value.Output.Trim();
    }

    public string Path { get; }

    /// <summary>Lets the kernel take it away with its last user: even if this process is killed, nothing stays behind.</summary>
    public void DetachOnLastClose()
    {
        if (!_isDetached)
        {
            _isDetached = true;
            ProgramRun.Start("losetup", "--detach", Path);
        }
    }

    public void Dispose()
    {
        DetachOnLastClose();
        _directory.Dispose();
    }
}
