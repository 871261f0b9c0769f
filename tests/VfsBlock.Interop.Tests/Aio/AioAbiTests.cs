using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VfsBlock.Interop.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The structures and constants of Linux AIO, and of the calls that its queue waits with, against the headers.</summary>
public sealed class AioAbiTests
{
    [Fact]
    [Trait("Id", "AIO-01")]
    public void AIO01_Structures_Sizes_Are64And32And32()
    {
        Assert.Equal(64, Unsafe.SizeOf<AioRequestBlock>());
        Assert.Equal(32, Unsafe.SizeOf<AioEvent>());
        Assert.Equal(32, Unsafe.SizeOf<AioRingHeader>());
        Assert.Equal(8, Unsafe.SizeOf<PollDescriptor>());
        Assert.Equal(16, Unsafe.SizeOf<TimeSpec>());
    }

    [HeadersFact("linux/aio_abi.h")]
    [Trait("Id", "AIO-01")]
    public void AIO01_RequestBlock_Layout_IsTheHeaders() => SystemHeaders.AssertLayout<AioRequestBlock>(
        "linux/aio_abi.h",
        "struct iocb",
        (nameof(AioRequestBlock.Data), "aio_data"),
        (nameof(AioRequestBlock.Key), "aio_key"),
        (nameof(AioRequestBlock.RwFlags), "aio_rw_flags"),
        (nameof(AioRequestBlock.Opcode), "aio_lio_opcode"),
        (nameof(AioRequestBlock.Priority), "aio_reqprio"),
        (nameof(AioRequestBlock.FileDescriptor), "aio_fildes"),
        (nameof(AioRequestBlock.Buffer), "aio_buf"),
        (nameof(AioRequestBlock.Length), "aio_nbytes"),
        (nameof(AioRequestBlock.OffsetBytes), "aio_offset"),
        (nameof(AioRequestBlock.Reserved), "aio_reserved2"),
        (nameof(AioRequestBlock.Flags), "aio_flags"),
        (nameof(AioRequestBlock.EventDescriptor), "aio_resfd"));

    [HeadersFact("linux/aio_abi.h")]
    [Trait("Id", "AIO-01")]
    public void AIO01_Event_Layout_IsTheHeaders() => SystemHeaders.AssertLayout<AioEvent>(
        "linux/aio_abi.h",
        "struct io_event",
        (nameof(AioEvent.Data), "data"),
        (nameof(AioEvent.Object), "obj"),
        (nameof(AioEvent.Result), "res"),
        (nameof(AioEvent.Result2), "res2"));

    [Fact]
    [Trait("Id", "AIO-01")]
    public void AIO01_RingHeader_OfALiveContext_ReadsAsTheKernelWroteIt()
    {
        using AioContext context = Make(depth: 4);

        AioRingHeader header = context.ReadRingHeader();

        Assert.Equal(AioRingHeader.ExpectedMagic, header.Magic);
        Assert.Equal((uint)Unsafe.SizeOf<AioRingHeader>(), header.HeaderLengthBytes);
        Assert.Equal(1u, header.CompatibleFeatures);
        Assert.Equal(0u, header.IncompatibleFeatures);
        Assert.True(header.EventCount > 4, $"room for {header.EventCount} events");
        Assert.Equal((0u, 0u), (header.Head, header.Tail));
        Assert.Equal(16, Marshal.OffsetOf<AioRingHeader>(nameof(AioRingHeader.Magic)));
    }

    [HeadersFact("linux/aio_abi.h", "sys/eventfd.h", "poll.h")]
    [Trait("Id", "AIO-01")]
    public void AIO01_Constants_EveryOne_HasTheHeadersValue()
    {
        var ours = new Dictionary<string, long>
        {
            ["IOCB_CMD_PREAD"] = (long)AioOpcode.Read,
            ["IOCB_CMD_PWRITE"] = (long)AioOpcode.Write,
            ["IOCB_CMD_FSYNC"] = (long)AioOpcode.Sync,
            ["IOCB_CMD_FDSYNC"] = (long)AioOpcode.DataSync,
            ["IOCB_CMD_POLL"] = (long)AioOpcode.Poll,
            ["IOCB_CMD_NOOP"] = (long)AioOpcode.NoOperation,
            ["IOCB_CMD_PREADV"] = (long)AioOpcode.ReadVectored,
            ["IOCB_CMD_PWRITEV"] = (long)AioOpcode.WriteVectored,
            ["IOCB_FLAG_RESFD"] = (long)AioFlags.NotifyEventFd,
            ["IOCB_FLAG_IOPRIO"] = (long)AioFlags.HasPriority,
            ["EFD_NONBLOCK"] = Libc.EventFdNonBlocking,
            ["EFD_CLOEXEC"] = Libc.EventFdCloseOnExec,
            ["POLLIN"] = PollDescriptor.Readable,
        };

        Assert.Equal(ours.OrderBy(o => o.Key), SystemHeaders.Ask(["linux/aio_abi.h", "sys/eventfd.h", "poll.h"], ours.Keys).OrderBy(o => o.Key));
    }

    [HeadersFact("poll.h")]
    public void PollDescriptor_Layout_IsTheHeaders() => SystemHeaders.AssertLayout<PollDescriptor>(
        "poll.h",
        "struct pollfd",
        (nameof(PollDescriptor.FileDescriptor), "fd"),
        (nameof(PollDescriptor.Asked), "events"),
        (nameof(PollDescriptor.Reported), "revents"));

    [HeadersFact("time.h")]
    public void TimeSpec_Layout_IsTheHeaders() => SystemHeaders.AssertLayout<TimeSpec>(
        "time.h",
        "struct timespec",
        (nameof(TimeSpec.Seconds), "tv_sec"),
        (nameof(TimeSpec.Nanoseconds), "tv_nsec"));

    [Fact]
    public void TimeSpec_OfASpan_SplitsSecondsAndNanoseconds()
    {
        var value = new TimeSpec(TimeSpan.FromTicks(25_000_001));

        Assert.Equal((2L, 500_000_100L), (value.Seconds, value.Nanoseconds));
    }

    private static AioContext Make(int depth)
    {
        Assert.Equal(Errno.None, AioContext.TryCreate(depth, out AioContext? context));
        return context!;
    }
}
