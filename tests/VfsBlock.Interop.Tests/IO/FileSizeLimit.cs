using System.Runtime.InteropServices;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>
/// Lowers the process's limit on file sizes (RLIMIT_FSIZE) and makes an excess an error instead of a deadly signal;
/// both as they were on dispose. No other test writes as far as the limits used here.
/// </summary>
internal sealed unsafe partial class FileSizeLimit : IDisposable
{
    private const int Resource = 1;
    private const int FileSizeSignal = 25;
    private const nint Ignore = 1;

    private readonly Limits _before;
    private readonly nint _handlerBefore;

    public FileSizeLimit(ulong lengthBytes)
    {
        _handlerBefore = signal(FileSizeSignal, Ignore);
        Limits before;
        Assert.Equal(0, prlimit(0, Resource, null, &before));
        _before = before;
        var lowered = new Limits { Soft = lengthBytes, Hard = before.Hard };
        Assert.Equal(0, prlimit(0, Resource, &lowered, null));
    }

    public void Dispose()
    {
        Limits before = _before;
        _ = prlimit(0, Resource, &before, null);
        _ = signal(FileSizeSignal, _handlerBefore);
    }

    [LibraryImport("libc")]
    private static partial int prlimit(int pid, int resource, Limits* newLimits, Limits* oldLimits);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }
}
