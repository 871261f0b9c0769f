using System.Runtime.InteropServices;
using Mono.Unix.Native;
using Xunit;
using Errno = VfsBlock.Interop.Errno;
using IoResult = VfsBlock.Interop.IoResult;

namespace VfsBlock.Mounted.Tests;

/// <summary>What a program sees of a probe: system calls with their errors as numbers, not as an enum that lacks some.</summary>
internal static unsafe class Caller
{
    /// <summary>The error of the system call that just returned <paramref name="result"/>.</summary>
    public static Errno Error(long result) => result == -1 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;

    /// <summary>The result of a system call that must succeed.</summary>
    public static long Ok(long result)
    {
        Assert.Equal(Errno.None, Error(result));
        return result;
    }

    /// <summary>open(2), which must succeed, kept from programs that other tests start; the caller closes.</summary>
    public static int Open(string path, OpenFlags flags = OpenFlags.O_RDWR) =>
        (int)Ok(Syscall.open(path, flags | OpenFlags.O_CLOEXEC));

    /// <summary>close(2), which must succeed.</summary>
    public static void Close(int file) => Ok(Syscall.close(file));

    /// <summary>stat(2).</summary>
    public static Errno Stat(string path) => Error(Syscall.stat(path, out _));

    /// <summary>The size that stat(2) tells.</summary>
    public static long Size(string path)
    {
        Ok(Syscall.stat(path, out Stat stat));
        return stat.st_size;
    }

    /// <summary>pread(2), once; the bytes it gave.</summary>
    public static byte[] ReadAt(int file, long offset, int lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        fixed (byte* first = bytes)
        {
            return bytes[..(int)Ok(Syscall.pread(file, first, (ulong)lengthBytes, offset))];
        }
    }

    /// <summary>pread(2), once, whatever comes of it.</summary>
    public static IoResult TryReadAt(int file, long offset, byte[] bytes)
    {
        fixed (byte* first = bytes)
        {
            long result = Syscall.pread(file, first, (ulong)bytes.Length, offset);
            return result == -1 ? IoResult.Fail(Error(result)) : IoResult.Ok(result);
        }
    }

    /// <summary>The error of pread(2).</summary>
    public static Errno ReadError(int file, int lengthBytes = 4096)
    {
        byte[] bytes = new byte[lengthBytes];
        fixed (byte* first = bytes)
        {
            return Error(Syscall.pread(file, first, (ulong)lengthBytes, 0));
        }
    }

    /// <summary>pwrite(2) of all the bytes.</summary>
    public static void WriteAt(int file, long offset, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            Assert.Equal(bytes.Length, Ok(Syscall.pwrite(file, first, (ulong)bytes.Length, offset)));
        }
    }

    /// <summary>The first bytes of a file, through an open and a close of its own.</summary>
    public static byte[] Read(string path, int lengthBytes)
    {
        int file = Open(path, OpenFlags.O_RDONLY);
        try
        {
            return ReadAt(file, 0, lengthBytes);
        }
        finally
        {
            Close(file);
        }
    }
}
