using Mono.Unix.Native;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Whether reading is recorded.</summary>
internal static class AccessTimes
{
    /// <summary>Reads a new file past the kernel's cache, which would not tell the file system.</summary>
    public static bool ReadMovesAtime(ITestMount mount)
    {
        Posix.Create(mount["f"], 1);
        return ReadMovesAtime(mount["f"]);
    }

    /// <summary>Reads a file of one byte past the kernel's cache.</summary>
    public static bool ReadMovesAtime(string path)
    {
        Int128 before = Posix.Atime(path);
        Posix.LetClockTick();
        int file = Posix.Open(path, OpenFlags.O_RDONLY | (OpenFlags)Native.OpenDirect);
        Assert.Single(Posix.ReadAt(file, 0, 4096));
        Posix.Close(file);
        return Posix.Atime(path) > before;
    }
}
