using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VfsBlock.TestKit;

namespace VfsBlock.Interop.Tests;

/// <summary>Pages of a file that wait to be written, and that are being written: cachestat(2), Linux 6.5.</summary>
internal readonly partial record struct PageCache(long DirtyPageCount, long WritebackPageCount)
{
    /// <summary>Why the counts cannot be had of files in the temporary folder, or null.</summary>
    public static string? Problem { get; } = FindProblem();

    public static unsafe PageCache Of(SafeFileHandle file)
    {
        const long CachestatNumber = 451;
        ulong* range = stackalloc ulong[2] { 0, 0 };
        ulong* counts = stackalloc ulong[5];
        return syscall(CachestatNumber, (int)file.DangerousGetHandle(), range, counts, 0) == 0
            ? new PageCache((long)counts[1], (long)counts[2])
            : throw new ErrnoException((Errno)Marshal.GetLastPInvokeError(), "cachestat");
    }

    private static string? FindProblem()
    {
        using var directory = new TempDirectory();
        using SafeFileHandle file = File.OpenHandle(directory.File("probe"), FileMode.CreateNew, FileAccess.ReadWrite);
        RandomAccess.Write(file, new byte[1], 0);
        try
        {
            return Of(file) == default ? $"the file system of {Path.GetTempPath()} counts no dirty pages" : null;
        }
        catch (ErrnoException e)
        {
            return e.Message;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial long syscall(long number, long fd, ulong* range, ulong* counts, long flags);
}
