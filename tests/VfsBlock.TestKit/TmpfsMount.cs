using System.Globalization;
using Xunit;

namespace VfsBlock.TestKit;

/// <summary>A small tmpfs of the test's own, so that a disk can be full. Put <see cref="RootFactAttribute"/> on the test.</summary>
public sealed class TmpfsMount : IDisposable
{
    private readonly TempDirectory _directory = new();

    /// <summary>Mounts it.</summary>
    /// <param name="sizeBytes">The space it has; the kernel rounds up to whole pages.</param>
    public TmpfsMount(long sizeBytes)
    {
        string options = string.Create(CultureInfo.InvariantCulture, $"size={sizeBytes}");
        ProgramRun? run = ProgramRun.Start("mount", "-t", "tmpfs", "-o", options, "vfsblock-test", _directory.Path);
        if (run is not { ExitCode: 0 })
        {
            _directory.Dispose();
            Assert.Fail($"mount of a tmpfs failed: {run?.Errors ?? "no mount program"}");
        }
    }

    /// <summary>The path of <paramref name="name"/> inside the mount.</summary>
    public string File(string name) => _directory.File(name);

    public void Dispose()
    {
        // Lazily: a test that failed may have left a file open, and the directory must go all the same.
        ProgramRun.Start("umount", "-l", _directory.Path);
        _directory.Dispose();
    }
}
