using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>
/// Plays the kernel for a session: the other end of a socket that keeps message boundaries as /dev/fuse does. Gives up
/// loudly after half a minute without an expected message.
/// </summary>
internal sealed unsafe partial class SocketKernel : IFuseConnection
{
    private const int UnixDomain = 1;
    private const int SequencedPackets = 5;
    private const int CloseOnExec = 0x80000;
    private const int BothDirections = 2;
    private const int PatienceMs = 30_000;
    private readonly SafeFileHandle _server;
    private readonly SafeFileHandle _kernel;
    private readonly Dictionary<ulong, KernelReply> _early = [];
    private readonly byte[] _buffer = new byte[2 << 20];

    // Above the numbers that the request vectors carry.
    private ulong _lastUnique = 1 << 20;

    public SocketKernel()
    {
        int* ends = stackalloc int[2];
        Assert.Equal(0, socketpair(UnixDomain, SequencedPackets | CloseOnExec, 0, ends));
        _server = new SafeFileHandle(ends[0], ownsHandle: true);
        _kernel = new SafeFileHandle(ends[1], ownsHandle: true);
    }

    public string Name => "a test's socket";

    /// <summary>What a reply's write(2) is to answer instead of being sent; null to send it.</summary>
    public Func<FuseSlot, Errno?>? SendFault { get; set; }

    /// <summary>What the next read(2) of the server answers instead of waiting; null to read.</summary>
    public Func<Errno?>? ReceiveFault { get; set; }

    /// <summary>How often the session cut the connection.</summary>
    public int AbortCount { get; private set; }

    public ulong NextUnique() => _lastUnique += 2;

    public IFuseChannel OpenChannel(int index) => new FaultyChannel(this, new FuseDeviceChannel(_server, ownsDevice: false));

    /// <summary>The end of the mount: the session reads the end of the file.</summary>
    public string? Unmount()
    {
        _ = shutdown(Descriptor(_kernel), BothDirections);
        return null;
    }

    public void Abort()
    {
        AbortCount++;
        Unmount();
    }

    public void Dispose()
    {
        _server.Dispose();
        _kernel.Dispose();
    }

    /// <summary>Sends a request and does not wait.</summary>
    public ulong Send(FuseOpcode opcode, ReadOnlySpan<byte> content = default, ulong node = 1, ulong? unique = null)
    {
        var header = new FuseInHeader
        {
            Length = (uint)(FuseProtocol.InHeaderBytes + content.Length),
            Opcode = opcode,
            Unique = unique ?? NextUnique(),
            NodeId = node,
            Uid = 1000,
            Gid = 1001,
            ProcessId = 4242,
        };
        SendRaw([.. Wire.Bytes(header), .. content]);
        return header.Unique;
    }

    public void SendRaw(ReadOnlySpan<byte> message)
    {
        fixed (byte* start = message)
        {
            Assert.Equal(message.Length, Libc.Write(Descriptor(_kernel), start, (nuint)message.Length));
        }
    }

    /// <summary>Sends a request and waits for its reply.</summary>
    public KernelReply Call(FuseOpcode opcode, ReadOnlySpan<byte> content = default, ulong node = 1) =>
        ReceiveFor(Send(opcode, content, node));

    /// <summary>The reply to a request, whichever comes first.</summary>
    public KernelReply ReceiveFor(ulong unique)
    {
        while (true)
        {
            if (_early.Remove(unique, out KernelReply? reply))
            {
                return reply;
            }

            reply = Receive();
            Assert.True(_early.TryAdd(reply.Unique, reply), $"two replies to request {reply.Unique}");
        }
    }

    /// <summary>The next message.</summary>
    public KernelReply Receive() =>
        TryReceive(PatienceMs) ?? throw new TimeoutException($"nothing came from the server for {PatienceMs} ms");

    /// <summary>The next message, or null if none is there in that time.</summary>
    public KernelReply? TryReceive(int timeoutMs)
    {
        var poll = new PollRequest { FileDescriptor = Descriptor(_kernel), Events = 1 };
        int ready = SystemPoll(&poll, 1, timeoutMs);
        if (ready <= 0)
        {
            return null;
        }

        fixed (byte* start = _buffer)
        {
            long length = Libc.Read(Descriptor(_kernel), start, (nuint)_buffer.Length);
            Assert.True(length >= FuseProtocol.OutHeaderBytes, $"a message of {length} bytes");
            FuseOutHeader header = MemoryMarshal.Read<FuseOutHeader>(_buffer);
            Assert.Equal(length, header.Length);
            Assert.InRange(header.Error, -511, 9);
            return new KernelReply(header.Unique, header.Error, _buffer[FuseProtocol.OutHeaderBytes..(int)length]);
        }
    }

    /// <summary>Says INIT as the kernel of this machine would.</summary>
    public KernelReply Init(FuseInitFlags offered = (FuseInitFlags)0x7fd73fffffb, uint minor = FuseProtocol.Minor) =>
        Call(FuseOpcode.Init, Wire.Bytes(new FuseInitIn
        {
            Major = FuseProtocol.Major,
            Minor = minor,
            MaxReadahead = 131072,
            FlagsLow = offered.Low(),
            FlagsHigh = offered.High(),
        }));

    private static int Descriptor(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* sv);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int sockfd, int how);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int SystemPoll(PollRequest* requests, nuint count, int timeout);

    private struct PollRequest
    {
        public int FileDescriptor;
        public short Events;
        public short Returned;
    }

    private sealed class FaultyChannel(SocketKernel kernel, FuseDeviceChannel channel) : IFuseChannel
    {
        public Errno Receive(FuseSlot slot) => kernel.ReceiveFault?.Invoke() ?? channel.Receive(slot);

        public Errno Read(FuseSlot slot, FuseDialect dialect, out FuseRequestReader reader) =>
            channel.Read(slot, dialect, out reader);

        public Errno Send(FuseSlot slot, Errno error, int bodyLengthBytes) =>
            kernel.SendFault?.Invoke(slot) ?? channel.Send(slot, error, bodyLengthBytes);

        public Errno Notify(ReadOnlySpan<byte> message) => channel.Notify(message);

        public void Dispose() => channel.Dispose();
    }
}
