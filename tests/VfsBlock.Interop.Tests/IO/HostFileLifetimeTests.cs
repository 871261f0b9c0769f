using Xunit;

namespace VfsBlock.Interop.Tests;

[Trait("Id", "IO-11")]
public sealed class HostFileLifetimeTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    [Fact]
    public void IO11_AnyCall_AfterDispose_ThrowsObjectDisposed()
    {
        using var scratch = new ScratchFile(new byte[10]);
        scratch.File.Dispose();
        scratch.File.Dispose();
        byte[] bytes = new byte[10];

        Assert.Throws<ObjectDisposedException>(() => scratch.File.ReadAt(bytes, 0));
        Assert.Throws<ObjectDisposedException>(() => scratch.File.ReadExactlyAt(bytes, 0));
        Assert.Throws<ObjectDisposedException>(() => scratch.File.ReadNext(bytes));
        Assert.Throws<ObjectDisposedException>(() => scratch.File.WriteAt(bytes, 0));
        Assert.Throws<ObjectDisposedException>(() => scratch.File.WriteAllAt(bytes, 0));
        Assert.Throws<ObjectDisposedException>(() => scratch.File.WriteAllAt(Array.Empty<byte>(), 0));
        Assert.Throws<ObjectDisposedException>(() => scratch.File.WriteNext(bytes));
        Assert.Throws<ObjectDisposedException>(() => scratch.File.Flush());
        Assert.Throws<ObjectDisposedException>(() => scratch.File.FlushData());
        Assert.Throws<ObjectDisposedException>(() => scratch.File.Resize(0));
        Assert.Throws<ObjectDisposedException>(() => scratch.File.Allocate(FallocateModes.None, 0, 1));
        Assert.Throws<ObjectDisposedException>(() => scratch.File.GetSize(out _));
        Assert.Throws<ObjectDisposedException>(() => scratch.File.ProbeRwFlags());
    }

    [Fact]
    public void IO11_DisposeDuringACall_CallEndsOnItsOwnDescriptorAndNewOnesAreRefused()
    {
        using PipePair pipe = PipePair.Pipe();
        int descriptor = (int)pipe.Reader.Handle.DangerousGetHandle();
        string link = LinkOf(descriptor)!;
        byte[] received = new byte[2];
        IoResult result = default;
        var thread = new Thread(() => result = pipe.Reader.ReadExactlyNext(received));
        thread.IsBackground = true;
        thread.Start();

        // Once the first byte is gone from the pipe the call is under way, and it waits for the second.
        pipe.Writer.WriteAllNext([1]);
        pipe.WaitUntilDrained();
        pipe.Reader.Dispose();

        Assert.Equal(link, LinkOf(descriptor));
        Assert.Throws<ObjectDisposedException>(() => pipe.Reader.ReadNext(received));
        Assert.Equal(IoResult.Ok(1), pipe.Writer.WriteAllNext([2]));
        Assert.True(thread.Join(Hang));
        Assert.Equal(IoResult.Ok(2), result);
        Assert.Equal([1, 2], received);
        Assert.NotEqual(link, LinkOf(descriptor));
    }

    [Fact]
    public void IO11_DisposeWhileOthersRead_NobodyReadsAnotherFile()
    {
        byte[] ours = new byte[512];
        byte[] theirs = new byte[512];
        Array.Fill(ours, (byte)0xaa);
        Array.Fill(theirs, (byte)0xbb);
        using var stranger = new ScratchFile(theirs);
        for (int round = 0; round < 30; round++)
        {
            using var scratch = new ScratchFile(ours);
            int started = 0;
            int wrongCount = 0;
            Thread[] readers = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() => ReadUntilDisposed(scratch.File, ours, ref started, ref wrongCount)) { IsBackground = true })];
            Array.ForEach(readers, r => r.Start());
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref started) == readers.Length, Hang));

            scratch.File.Dispose();
            HostFile[] reusers = [.. Enumerable.Range(0, 10).Select(_ => HostFile.Open(stranger.Path, OpenFlags.ReadOnly))];
            Assert.All(readers, r => Assert.True(r.Join(Hang)));
            Array.ForEach(reusers, r => r.Dispose());
            Assert.Equal(0, wrongCount);
        }
    }

    [Fact]
    public void IO11_Dispose_LastUse_ClosesTheDescriptor()
    {
        using var scratch = new ScratchFile([]);
        int descriptor = (int)scratch.File.Handle.DangerousGetHandle();
        string? link = LinkOf(descriptor);
        Assert.NotNull(link);
        scratch.File.Dispose();
        Assert.NotEqual(link, LinkOf(descriptor));
    }

    private static void ReadUntilDisposed(HostFile file, byte[] expected, ref int started, ref int wrongCount)
    {
        byte[] bytes = new byte[expected.Length];
        bool isFirst = true;
        try
        {
            while (true)
            {
                if (file.ReadExactlyAt(bytes, 0) != IoResult.Ok(expected.Length) || !bytes.AsSpan().SequenceEqual(expected))
                {
                    Interlocked.Increment(ref wrongCount);
                }

                if (isFirst)
                {
                    isFirst = false;
                    Interlocked.Increment(ref started);
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The end that is wanted.
        }
    }

    private static string? LinkOf(int descriptor) => new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
}
