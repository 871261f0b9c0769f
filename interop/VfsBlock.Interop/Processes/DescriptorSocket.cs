using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>Our end of a socket pair over which another process hands us an open descriptor (SCM_RIGHTS, unix(7)).</summary>
/// <remarks>
/// Owns the end until disposed; closing it is what tells the other process that we are gone. For one thread at a time.
/// Both ends, and whatever is received, are closed on exec from their first moment: no child gets them by accident.
/// </remarks>
internal sealed unsafe class DescriptorSocket : IDisposable
{
    private const int MaxDescriptors = 8;
    private readonly SafeFileHandle _end;

    private DescriptorSocket(SafeFileHandle end) => _end = end;

    /// <summary>Makes a pair.</summary>
    /// <param name="socket">Our end.</param>
    /// <param name="peer">The other process's end: pass it on, then dispose it, or the end of that process goes unnoticed.</param>
    /// <returns>None, EMFILE or ENFILE.</returns>
    public static Errno Create(out DescriptorSocket? socket, out SafeFileHandle? peer)
    {
        int* ends = stackalloc int[2];
        int result = Libc.SocketPair(ends);
        socket = result < 0 ? null : new DescriptorSocket(new SafeFileHandle(ends[0], ownsHandle: true));
        peer = result < 0 ? null : new SafeFileHandle(ends[1], ownsHandle: true);
        return (Errno)(-Math.Min(result, 0));
    }

    /// <summary>Waits for one descriptor.</summary>
    /// <param name="timeout">How long to wait for it, 24 days at most.</param>
    /// <param name="descriptor">What arrived, or null.</param>
    /// <returns>
    /// None; ENODATA if the other end was closed without sending one; ETIMEDOUT; EPROTO if something else than exactly one
    /// descriptor came (whatever did come is closed); or an error of recvmsg(2).
    /// </returns>
    public Errno Receive(TimeSpan timeout, out SafeFileHandle? descriptor)
    {
        descriptor = null;
        int socket = (int)_end.DangerousGetHandle();
        Errno waited = WaitReadable(socket, timeout);
        if (waited != Errno.None)
        {
            return waited;
        }

        byte data;
        var vector = new IoVec((nint)(&data), 1);
        int controlBytes = sizeof(ControlMessageHeader) + (MaxDescriptors * sizeof(int));
        long* control = stackalloc long[(controlBytes + 7) / 8];
        var message = new MessageHeader
        {
            Vectors = &vector,
            VectorCount = 1,
            Control = control,
            ControlLengthBytes = (nuint)controlBytes,
        };
        long received;
        do
        {
            received = Libc.ReceiveMessage(socket, &message, Libc.ReceiveCloseOnExec);
        }
        while (received == -(int)Errno.EINTR);

        return received < 0 ? (Errno)(-received) : TakeOne(in message, received, out descriptor);
    }

    public void Dispose() => _end.Dispose();

    private static Errno WaitReadable(int socket, TimeSpan timeout)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var poll = new PollDescriptor { FileDescriptor = socket, Asked = PollDescriptor.Readable };
            double leftMs = Math.Max((timeout - watch.Elapsed).TotalMilliseconds, 0);
            int ready = Libc.Poll(&poll, 1, (int)Math.Ceiling(leftMs));
            if (ready != -(int)Errno.EINTR)
            {
                return ready > 0 ? Errno.None : ready == 0 ? Errno.ETIMEDOUT : (Errno)(-ready);
            }
        }
    }

    private static Errno TakeOne(in MessageHeader message, long receivedBytes, out SafeFileHandle? descriptor)
    {
        descriptor = null;
        var header = (ControlMessageHeader*)message.Control;
        bool hasRights = message.ControlLengthBytes >= (nuint)sizeof(ControlMessageHeader)
            && header->Level == ControlMessageHeader.SocketLevel && header->Type == ControlMessageHeader.Rights
            && header->LengthBytes >= (nuint)sizeof(ControlMessageHeader) && header->LengthBytes <= message.ControlLengthBytes;
        if (!hasRights)
        {
            return receivedBytes == 0 ? Errno.ENODATA : Errno.EPROTO;
        }

        int count = (int)(header->LengthBytes - (nuint)sizeof(ControlMessageHeader)) / sizeof(int);
        int* descriptors = (int*)(header + 1);
        if (count == 1 && (message.Flags & Libc.ControlTruncated) == 0)
        {
            descriptor = new SafeFileHandle(descriptors[0], ownsHandle: true);
            return Errno.None;
        }

        for (int index = 0; index < count; index++)
        {
            _ = Libc.Close(descriptors[index]);
        }

        return Errno.EPROTO;
    }
}
