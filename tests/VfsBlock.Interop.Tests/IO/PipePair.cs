using Microsoft.Win32.SafeHandles;
using Mono.Unix.Native;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>A pipe, or a pair of sockets: files that have no offsets.</summary>
internal sealed class PipePair : IDisposable
{
    private PipePair(int reader, int writer)
    {
        Reader = new HostFile(new SafeFileHandle(reader, ownsHandle: true));
        Writer = new HostFile(new SafeFileHandle(writer, ownsHandle: true));
    }

    public HostFile Reader { get; }

    public HostFile Writer { get; }

    public static PipePair Pipe()
    {
        Assert.Equal(0, Syscall.pipe(out int reader, out int writer));
        return new PipePair(reader, writer);
    }

    public static PipePair Sockets()
    {
        Assert.Equal(0, Syscall.socketpair(UnixAddressFamily.AF_UNIX, UnixSocketType.SOCK_STREAM, 0, out int one, out int other));
        return new PipePair(one, other);
    }

    /// <summary>
    /// Waits until everything written has been taken out: a reader that wants more is then in the middle of its call.
    /// </summary>
    public void WaitUntilDrained()
    {
        var poll = new Pollfd[] { new() { fd = (int)Reader.Handle.DangerousGetHandle(), events = PollEvents.POLLIN } };
        Assert.True(SpinWait.SpinUntil(() => Syscall.poll(poll, 1, 0) == 0, TimeSpan.FromSeconds(60)), "nobody reads the pipe");
    }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }
}
