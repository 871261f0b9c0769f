using System.Text;
using Mono.Unix.Native;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Calls system calls as a C program would, and turns their -1 into a test's failure or an expected errno.</summary>
internal static class Posix
{
    public const OpenFlags ReadWriteNew = OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
    public const FilePermissions OwnerMayAll = FilePermissions.S_IRWXU;
    public const FilePermissions PublicFile = (FilePermissions)0x1A4;
    public const FilePermissions PublicDirectory = (FilePermissions)0x1ED;

    /// <summary>Fails the test with the errno's name if the call failed.</summary>
    public static int Ok(int result)
    {
        Errno error = result == -1 ? Stdlib.GetLastError() : 0;
        Assert.True(result != -1, $"failed with {error}");
        return result;
    }

    /// <inheritdoc cref="Ok(int)"/>
    public static long Ok(long result)
    {
        Errno error = result == -1 ? Stdlib.GetLastError() : 0;
        Assert.True(result != -1, $"failed with {error}");
        return result;
    }

    /// <summary>Fails the test unless the call failed with that errno.</summary>
    public static void Fails(Errno expected, long result)
    {
        Errno error = result == -1 ? Stdlib.GetLastError() : 0;
        Assert.True(result == -1, $"succeeded, {expected} expected");
        Assert.Equal(expected, error);
    }

    /// <summary>lstat(2), which must succeed.</summary>
    public static Stat Stat(string path)
    {
        Ok(Syscall.lstat(path, out Stat stat));
        return stat;
    }

    public static bool Exists(string path) => Syscall.lstat(path, out _) == 0;

    public static string ReadLink(string path)
    {
        byte[] buffer = new byte[5000];
        int length = (int)Ok(Syscall.readlink(path, buffer));
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>Opens, which must succeed; the caller closes.</summary>
    public static int Open(string path, OpenFlags flags, FilePermissions mode = PublicFile) => Ok(Syscall.open(path, flags, mode));

    /// <summary>Makes a file that holds <paramref name="bytes"/>.</summary>
    public static void Create(string path, params byte[] bytes)
    {
        int file = Open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC);
        WriteAt(file, 0, bytes);
        Close(file);
    }

    public static void Close(int file) => Ok(Syscall.close(file));

    /// <summary>pwrite(2) of all the bytes.</summary>
    public static unsafe void WriteAt(int file, long offset, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            Assert.Equal(bytes.Length, Ok(Syscall.pwrite(file, first, (ulong)bytes.Length, offset)));
        }
    }

    /// <summary>pread(2) until the end of the file or until there are that many bytes.</summary>
    public static unsafe byte[] ReadAt(int file, long offset, int length)
    {
        byte[] bytes = new byte[length];
        int done = 0;
        fixed (byte* first = bytes)
        {
            while (done < length && Ok(Syscall.pread(file, first + done, (ulong)(length - done), offset + done)) is > 0 and var read)
            {
                done += (int)read;
            }
        }

        return bytes[..done];
    }

    /// <summary>All of a file's bytes.</summary>
    public static byte[] ReadAll(string path)
    {
        int file = Open(path, OpenFlags.O_RDONLY);
        byte[] bytes = ReadAt(file, 0, (int)Stat(path).st_size);
        Close(file);
        return bytes;
    }

    /// <summary>The names in a directory, "." and ".." aside, in the order of listing.</summary>
    public static List<string> List(string path)
    {
        nint directory = Syscall.opendir(path);
        Assert.NotEqual(0, directory);
        var names = new List<string>();
        for (Dirent? entry = Syscall.readdir(directory); entry is not null; entry = Syscall.readdir(directory))
        {
            if (entry.d_name is not ("." or ".."))
            {
                names.Add(entry.d_name);
            }
        }

        Ok(Syscall.closedir(directory));
        return names;
    }

    /// <summary>A time as nanoseconds since 1970.</summary>
    public static Int128 Nanoseconds(long seconds, long nanoseconds) => ((Int128)seconds * 1_000_000_000) + nanoseconds;

    public static Int128 Mtime(string path) => Stat(path) is var stat ? Nanoseconds(stat.st_mtime, stat.st_mtime_nsec) : 0;

    public static Int128 Ctime(string path) => Stat(path) is var stat ? Nanoseconds(stat.st_ctime, stat.st_ctime_nsec) : 0;

    public static Int128 Atime(string path) => Stat(path) is var stat ? Nanoseconds(stat.st_atime, stat.st_atime_nsec) : 0;

    /// <summary>Waits until the system clock has moved on, so that a change after it gets a later time.</summary>
    public static void LetClockTick() => Thread.Sleep(20);
}
