using System.Diagnostics;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Real signals in the middle of real system calls.</summary>
public sealed class HostFileSignalTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    [Fact]
    public void ReadNext_Signal_IsEINTR()
    {
        using PipePair pipe = PipePair.Pipe();
        IoResult result = default;
        int id = 0;
        var thread = new Thread(() =>
        {
            Volatile.Write(ref id, ThreadSignal.CurrentThread);
            result = pipe.Reader.ReadNext(new byte[10]);
        });
        thread.IsBackground = true;
        thread.Start();

        // A signal that comes before the call blocks is lost, so they go on until one has hit it.
        long start = Stopwatch.GetTimestamp();
        while (!thread.Join(1))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Hang, "no signal interrupted the read");
            SendOnceKnown(ref id);
        }

        Assert.Equal(IoResult.Fail(Errno.EINTR), result);
    }

    [Fact]
    public void ReadExactly_Signals_AreResumed()
    {
        using PipePair pipe = PipePair.Pipe();
        var counter = new InterruptedReads((int)pipe.Reader.Handle.DangerousGetHandle());
        byte[] received = new byte[4];
        IoResult result = default;
        int id = 0;
        var thread = new Thread(() =>
        {
            Volatile.Write(ref id, ThreadSignal.CurrentThread);
            using NativeBuffer buffer = new(4);
            result = TransferLoop.Run(counter, [new IoVec(buffer)], TransferLoop.OwnPosition, RwFlags.None);
            buffer.Span.CopyTo(received);
        });
        thread.IsBackground = true;
        thread.Start();

        pipe.Writer.WriteAllNext([1, 2]);
        long start = Stopwatch.GetTimestamp();
        while (counter.InterruptedCount < 3)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Hang, "no signal interrupted the read");
            SendOnceKnown(ref id);
            Thread.Sleep(1);
        }

        pipe.Writer.WriteAllNext([3, 4]);
        Assert.True(thread.Join(Hang));
        Assert.Equal(IoResult.Ok(4), result);
        Assert.Equal([1, 2, 3, 4], received);
    }

    [Fact]
    public void WriteAllNext_Signals_LoseNoByte()
    {
        using PipePair pipe = PipePair.Pipe();
        byte[] sent = ScratchFile.Pattern(2_000_000);
        IoResult result = default;
        int id = 0;
        var thread = new Thread(() =>
        {
            Volatile.Write(ref id, ThreadSignal.CurrentThread);
            result = pipe.Writer.WriteAllNext(sent);
        });
        thread.IsBackground = true;
        thread.Start();

        byte[] received = new byte[sent.Length];
        for (int at = 0; at < received.Length; at += 20_000)
        {
            SendOnceKnown(ref id);
            Assert.Equal(IoResult.Ok(20_000), pipe.Reader.ReadExactlyNext(received.AsSpan(at, 20_000)));
        }

        Assert.True(thread.Join(Hang));
        Assert.Equal(IoResult.Ok(sent.Length), result);
        Assert.Equal(sent, received);
    }

    private static void SendOnceKnown(ref int id)
    {
        int known = Volatile.Read(ref id);
        if (known != 0)
        {
            ThreadSignal.Send(known);
        }
    }

    private sealed class InterruptedReads(int descriptor) : ISystemTransfer
    {
        private int _interruptedCount;

        public static RwFlags PerCallFlags => SystemRead.PerCallFlags;

        public static Errno NothingMoved => SystemRead.NothingMoved;

        public int InterruptedCount => Volatile.Read(ref _interruptedCount);

        public long Call(ReadOnlySpan<IoVec> vectors, long offsetBytes, RwFlags flags)
        {
            long returned = new SystemRead(descriptor).Call(vectors, offsetBytes, flags);
            if (returned == -(long)Errno.EINTR)
            {
                Interlocked.Increment(ref _interruptedCount);
            }

            return returned;
        }
    }
}
