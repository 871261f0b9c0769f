using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>The forbidden page is there: otherwise the fuzz tests prove nothing.</summary>
public sealed class GuardedBufferTests
{
    [Fact]
    public void Tail_PageAfterIt_CannotBeReadByTheKernelEither()
    {
        using var buffer = new GuardedBuffer(100);
        using var directory = new TempDirectory();
        buffer.Tail(100).Fill(7);

        // write(2) reads what it may and stops at the page.
        Assert.Equal(100, WrittenFromTail(buffer, directory.File("out"), 200));
        Assert.Equal(Enumerable.Repeat((byte)7, 100), File.ReadAllBytes(directory.File("out")));
    }

    private static unsafe long WrittenFromTail(GuardedBuffer buffer, string path, int lengthBytes)
    {
        int fd = Mono.Unix.Native.Syscall.open(
            path, Mono.Unix.Native.OpenFlags.O_WRONLY | Mono.Unix.Native.OpenFlags.O_CREAT, Mono.Unix.Native.FilePermissions.S_IRUSR);
        try
        {
            fixed (byte* start = buffer.Tail(100))
            {
                return Mono.Unix.Native.Syscall.write(fd, start, (ulong)lengthBytes);
            }
        }
        finally
        {
            Mono.Unix.Native.Syscall.close(fd);
        }
    }
}
