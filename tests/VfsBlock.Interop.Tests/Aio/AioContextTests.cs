using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The thin layer says what the kernel says: one system call each, errors as values.</summary>
public sealed unsafe class AioContextTests : IDisposable
{
    private static readonly TimeSpan _hangLimit = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _directory = new();
    private readonly NativeBuffer _memory = new(64 * 1024);
    private readonly NativeBuffer _blockMemory = new(200 * sizeof(AioRequestBlock));
    private readonly SafeFileHandle _file;

    public AioContextTests()
    {
        _file = File.OpenHandle(_directory.File("data"), FileMode.Create, FileAccess.ReadWrite);
        RandomAccess.Write(_file, Enumerable.Range(0, 8192).Select(i => (byte)(i * 7)).ToArray(), 0);
    }

    private int Descriptor => (int)_file.DangerousGetHandle();

    public void Dispose()
    {
        _file.Dispose();
        _memory.Dispose();
        _blockMemory.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    [Trait("Id", "AIO-02")]
    public void AIO02_Create_DepthZeroOrHuge_IsAnErrorAndNoContext(int depth)
    {
        Errno error = AioContext.TryCreate(depth, out AioContext? context);

        Assert.Contains(error, depth == 0 ? [Errno.EINVAL] : new[] { Errno.EINVAL, Errno.EAGAIN });
        Assert.Null(context);
    }

    [Fact]
    [Trait("Id", "AIO-03")]
    public void AIO03_Setup_ContextNotZero_IsEinval()
    {
        nuint context = 1;

        Assert.Equal(-(int)Errno.EINVAL, Libc.IoSetup(1, &context));
        Assert.Equal((nuint)1, context);
    }

    [Fact]
    [Trait("Id", "AIO-16")]
    public void AIO16_Reap_ContextNobodyUsesAfterwards_IsNotDestroyedByItsFinaliser()
    {
        // Enough calls that the compiler has made the code in which an object's life ends with its last use.
        using (AioContext context = Make(1))
        {
            for (int call = 0; call < 1500; call++)
            {
                context.Reap(1, new AioEvent[1], TimeSpan.FromMilliseconds(1), out _);
            }
        }

        bool isDone = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                GC.Collect(0);
            }
        });
        collector.Start();
        Errno[] errors = [.. Enumerable.Range(0, 20).Select(_ => ReapAndForget())];
        Volatile.Write(ref isDone, true);
        collector.Join();

        // The collector stops threads by a signal, so EINTR may come; EINVAL is a context that was destroyed meanwhile.
        Assert.DoesNotContain(Errno.EINVAL, errors);
    }

    [Fact]
    [Trait("Id", "AIO-04")]
    public void AIO04_Submit_TwoReads_BothEventsWithDataAndBytes()
    {
        using AioContext context = Make(4);
        nint first = Block(0, AioOpcode.Read, _memory.Address, 4096, offsetBytes: 0);
        nint second = Block(1, AioOpcode.Read, _memory.Address + 4096, 4096, offsetBytes: 4096);

        Assert.Equal(2, context.Submit([first, second], out Errno error));
        Assert.Equal(Errno.None, error);
        AioEvent[] events = ReapAll(context, 2);

        Assert.Equal([0uL, 1uL], events.Select(e => e.Data).Order());
        Assert.All(events, e => Assert.Equal(4096, e.Result));
        Assert.Equal(File.ReadAllBytes(_directory.File("data")), _memory.Span[..8192].ToArray());
    }

    [Fact]
    [Trait("Id", "AIO-05")]
    public void AIO05_Dispose_HundredPending_EndsThemAndIsHarmlessTwice()
    {
        AioContext context = Make(100);
        using var never = new EventSignal();
        nint[] blocks = [.. Enumerable.Range(0, 100).Select(i => Block(i, AioOpcode.Poll, PollDescriptor.Readable, 0, 0, never.Descriptor))];
        Assert.Equal(100, context.Submit(blocks, out _));

        context.Dispose();
        context.Dispose();

        Assert.Throws<ObjectDisposedException>(() => context.Submit([], out _));
        Assert.Throws<ObjectDisposedException>(() => context.Reap(0, [], TimeSpan.Zero, out _));
    }

    [Theory]
    [InlineData(AioOpcode.Read)]
    [InlineData(AioOpcode.Write)]
    [InlineData(AioOpcode.ReadVectored)]
    [InlineData(AioOpcode.WriteVectored)]
    [Trait("Id", "AIO-06")]
    public void AIO06_Submit_NegativeOffset_IsEinval(AioOpcode opcode)
    {
        using AioContext context = Make(4);
        var vector = new IoVec(_memory.Address, 4096);
        bool isVectored = opcode is AioOpcode.ReadVectored or AioOpcode.WriteVectored;
        nint block = Block(0, opcode, isVectored ? (nint)(&vector) : _memory.Address, isVectored ? 1 : 4096, offsetBytes: -1);

        Assert.Equal(0, context.Submit([block], out Errno error));
        Assert.Equal(Errno.EINVAL, error);
    }

    [Theory]
    [InlineData(AioOpcode.ReadVectored)]
    [InlineData(AioOpcode.WriteVectored)]
    [Trait("Id", "AIO-07")]
    public void AIO07_Submit_VectorsOutOfReach_IsEfault(AioOpcode opcode)
    {
        using AioContext context = Make(4);

        Assert.Equal(0, context.Submit([Block(0, opcode, 16, 1, offsetBytes: 0)], out Errno error));
        Assert.Equal(Errno.EFAULT, error);
    }

    [Fact]
    [Trait("Id", "AIO-08")]
    public void AIO08_Write_BrokenPipe_IsInTheEvent()
    {
        using PipePair pipe = PipePair.Pipe();
        pipe.Reader.Dispose();
        using AioContext context = Make(4);
        nint block = Block(0, AioOpcode.Write, _memory.Address, 10, 0, (int)pipe.Writer.Handle.DangerousGetHandle());

        Assert.Equal(1, context.Submit([block], out _));
        Assert.Equal(-(long)Errno.EPIPE, Assert.Single(ReapAll(context, 1)).Result);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Trait("Id", "AIO-09")]
    public void AIO09_Reap_TimeoutWithNothingInFlight_IsZeroEvents(long ticks)
    {
        using AioContext context = Make(4);
        Span<AioEvent> events = stackalloc AioEvent[4];

        Assert.Equal(0, context.Reap(1, events, TimeSpan.FromTicks(ticks), out Errno error));
        Assert.Equal(Errno.None, error);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    [Trait("Id", "AIO-10")]
    public void AIO10_Reap_MinimumOverRoomOrNegative_IsEinval(int minimum)
    {
        using AioContext context = Make(4);
        Span<AioEvent> events = stackalloc AioEvent[4];

        Assert.Equal(0, context.Reap(minimum, events, TimeSpan.Zero, out Errno error));
        Assert.Equal(Errno.EINVAL, error);
    }

    [Fact]
    [Trait("Id", "AIO-11")]
    public void AIO11_Submit_BadRequestInTheMiddle_IsAShortCountThenItsErrno()
    {
        using AioContext context = Make(4);
        nint good = Block(0, AioOpcode.Read, _memory.Address, 10, 0);
        nint bad = Block(1, AioOpcode.Read, _memory.Address, 10, 0, descriptor: -1);
        nint last = Block(2, AioOpcode.Read, _memory.Address + 4096, 10, 0);

        Assert.Equal(1, context.Submit([good, bad, last], out Errno first));
        Assert.Equal(0, context.Submit([bad, last], out Errno second));
        Assert.Equal(1, context.Submit([last], out Errno third));

        Assert.Equal([Errno.None, Errno.EBADF, Errno.None], new[] { first, second, third });
        Assert.Equal([0uL, 2uL], ReapAll(context, 2).Select(e => e.Data).Order());
    }

    [Fact]
    [Trait("Id", "AIO-12")]
    public void AIO12_Submit_RingFullOfEvents_IsEagainUntilReaped()
    {
        using AioContext context = Make(1);
        int room = (int)context.ReadRingHeader().EventCount;
        nint block = Block(0, AioOpcode.Read, _memory.Address, 10, 0);
        int submitted = 0;
        Errno error = Errno.None;
        for (int attempt = 0; attempt < room && error == Errno.None; attempt++)
        {
            submitted += context.Submit([block], out error);
        }

        Assert.Equal(Errno.EAGAIN, error);
        Assert.Equal(submitted, ReapAll(context, submitted).Length);
        Assert.Equal(1, context.Submit([block], out error));
        ReapAll(context, 1);
    }

    [Fact]
    [Trait("Id", "AIO-13")]
    public void AIO13_NotifyEventFd_ThreeRequests_CounterIsThree()
    {
        using AioContext context = Make(4);
        using var signal = new EventSignal();
        nint[] blocks = [.. Enumerable.Range(0, 3).Select(i => Block(i, AioOpcode.Read, _memory.Address, 10, 0))];
        foreach (nint address in blocks)
        {
            ((AioRequestBlock*)address)->Flags = AioFlags.NotifyEventFd;
            ((AioRequestBlock*)address)->EventDescriptor = signal.Descriptor;
        }

        Assert.Equal(3, context.Submit(blocks, out _));
        ReapAll(context, 3);
        ulong counter;
        Assert.Equal(8, Libc.Read(signal.Descriptor, &counter, 8));
        Assert.Equal(3uL, counter);
    }

    [Fact]
    [Trait("Id", "AIO-13")]
    public void AIO13_NotifyEventFd_NotAnEventFd_IsRefusedAtSubmission()
    {
        using AioContext context = Make(4);
        nint block = Block(0, AioOpcode.Read, _memory.Address, 10, 0);
        ((AioRequestBlock*)block)->Flags = AioFlags.NotifyEventFd;
        ((AioRequestBlock*)block)->EventDescriptor = Descriptor;
        Assert.Equal(0, context.Submit([block], out Errno error));
        Assert.Equal(Errno.EINVAL, error);

        ((AioRequestBlock*)block)->EventDescriptor = -1;
        Assert.Equal(0, context.Submit([block], out error));
        Assert.Equal(Errno.EBADF, error);
    }

    [Theory]
    [InlineData(AioOpcode.NoOperation)]
    [InlineData((AioOpcode)4)]
    public void Submit_OpcodeThatLinuxLacks_IsEinval(AioOpcode opcode)
    {
        using AioContext context = Make(4);

        Assert.Equal(0, context.Submit([Block(0, opcode, 0, 0, 0)], out Errno error));
        Assert.Equal(Errno.EINVAL, error);
    }

    [Fact]
    public void Submit_ReservedFieldOrUnknownTransferFlag_IsRefused()
    {
        using AioContext context = Make(4);
        nint block = Block(0, AioOpcode.Read, _memory.Address, 10, 0);
        ((AioRequestBlock*)block)->Reserved = 1;
        context.Submit([block], out Errno reserved);

        ((AioRequestBlock*)block)->Reserved = 0;
        ((AioRequestBlock*)block)->RwFlags = (RwFlags)0x4000_0000;
        context.Submit([block], out Errno flag);

        Assert.Equal((Errno.EINVAL, Errno.EOPNOTSUPP), (reserved, flag));
    }

    [Theory]
    [InlineData(AioOpcode.Sync)]
    [InlineData(AioOpcode.DataSync)]
    public void Submit_SyncAfterWrite_EndsWithZero(AioOpcode opcode)
    {
        using AioContext context = Make(4);

        Assert.Equal(1, context.Submit([Block(0, opcode, 0, 0, 0)], out _));
        Assert.Equal(0, Assert.Single(ReapAll(context, 1)).Result);
    }

    [Fact]
    public void Submit_Nothing_IsZero()
    {
        using AioContext context = Make(4);

        Assert.Equal(0, context.Submit([], out Errno error));
        Assert.Equal(Errno.None, error);
    }

    [Fact]
    public void Cancel_Read_SaysNoAndTheEventStillComes()
    {
        using AioContext context = Make(4);
        nint block = Block(0, AioOpcode.Read, _memory.Address, 10, 0);
        context.Submit([block], out _);

        Assert.Equal(Errno.EINVAL, context.Cancel((AioRequestBlock*)block));
        Assert.Equal(10, Assert.Single(ReapAll(context, 1)).Result);
    }

    [Fact]
    public void Cancel_Poll_SaysUnderWayAndTheEventComesByTheRing()
    {
        using AioContext context = Make(4);
        using var never = new EventSignal();
        nint block = Block(0, AioOpcode.Poll, PollDescriptor.Readable, 0, 0, never.Descriptor);
        Assert.Equal(1, context.Submit([block], out _));

        Assert.Equal(Errno.EINPROGRESS, context.Cancel((AioRequestBlock*)block));
        Assert.Equal(0uL, Assert.Single(ReapAll(context, 1)).Data);
    }

    private static AioContext Make(int depth)
    {
        Assert.Equal(Errno.None, AioContext.TryCreate(depth, out AioContext? context));
        return context!;
    }

    private static AioEvent[] ReapAll(AioContext context, int count)
    {
        var events = new AioEvent[count];
        int reaped = 0;
        while (reaped < count)
        {
            int more = context.Reap(1, events.AsSpan(reaped), _hangLimit, out Errno error);
            Assert.True(more > 0 || error == Errno.EINTR, $"{reaped} of {count} events, then {error}");
            reaped += more;
        }

        return events;
    }

    private nint Block(int index, AioOpcode opcode, nint buffer, int length, long offsetBytes, int? descriptor = null)
    {
        AioRequestBlock* block = (AioRequestBlock*)_blockMemory.Address + index;
        *block = new AioRequestBlock
        {
            Data = (ulong)index,
            Opcode = opcode,
            FileDescriptor = descriptor ?? Descriptor,
            Buffer = (ulong)buffer,
            Length = (ulong)length,
            OffsetBytes = offsetBytes,
        };
        return (nint)block;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Errno ReapAndForget()
    {
        Make(1).Reap(1, new AioEvent[1], TimeSpan.FromMilliseconds(20), out Errno error);
        return error;
    }
}
