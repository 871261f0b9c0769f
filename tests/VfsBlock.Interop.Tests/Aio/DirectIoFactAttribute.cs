using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>
/// A test with O_DIRECT in the system's temporary folder: skipped, with the reason, where the file system refuses it or
/// does not mind misaligned requests (a tmpfs, say).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DirectIoFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> _problem = new(FindProblem);

    public DirectIoFactAttribute()
    {
        if (_problem.Value is { } problem)
        {
            Skip = problem;
        }
    }

    private static string? FindProblem()
    {
        using var directory = new TempDirectory();
        string path = directory.File("probe");
        File.WriteAllBytes(path, new byte[8192]);
        using HostFile? file = HostFile.TryOpen(path, OpenFlags.ReadWrite | OpenFlags.Direct, 0, out Errno error);
        if (file is null)
        {
            return $"{Path.GetTempPath()} refuses O_DIRECT: {ErrnoText.Describe(error)}";
        }

        using var buffer = new NativeBuffer(4096);
        IoResult aligned = file.ReadAt(buffer.Span, 0);
        IoResult misaligned = file.ReadAt(buffer.Span, 1);
        return aligned != IoResult.Ok(4096) ? $"{Path.GetTempPath()}: an aligned O_DIRECT read gives {aligned}"
            : misaligned.Error != Errno.EINVAL ? $"{Path.GetTempPath()} does not mind misaligned O_DIRECT"
            : null;
    }
}
