using System.Runtime.InteropServices;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>
/// The channel over /dev/fuse, or over anything that keeps message boundaries as it does: a SOCK_SEQPACKET socket, for
/// instance, with a test at its other end.
/// </summary>
/// <remarks>
/// One read(2) takes a whole request into the slot, one write(2) sends a whole reply out of it; both straight from the
/// slot's own memory. Owns its descriptor and holds a reference to it for its whole life; whoever writes takes one more,
/// since a request that was deferred for too long is answered after its session gave it up, when the descriptor's number
/// may already be another file's. Takes no lock.
/// </remarks>
internal sealed unsafe class FuseDeviceChannel : IFuseChannel
{
    private readonly SafeHandle _device;
    private readonly int _descriptor;
    private readonly bool _ownsDevice;
    private int _disposed;

    /// <param name="device">The descriptor.</param>
    /// <param name="ownsDevice">True if it is to be closed with the channel: a clone of the thread's own.</param>
    public FuseDeviceChannel(SafeHandle device, bool ownsDevice)
    {
        _device = device;
        _ownsDevice = ownsDevice;
        bool added = false;
        device.DangerousAddRef(ref added);
        _descriptor = (int)device.DangerousGetHandle();
    }

    /// <inheritdoc/>
    public Errno Receive(FuseSlot slot)
    {
        long received = Libc.Read(_descriptor, (void*)slot.MessageAddress, (nuint)slot.MessageCapacityBytes);
        slot.MessageLengthBytes = (int)Math.Max(received, 0);
        return received switch
        {
            < 0 => (Errno)(int)-received,
            0 => Errno.ENODEV, // a socket's end of file; the device never reads empty
            < FuseProtocol.InHeaderBytes => Errno.EBADMSG,
            _ => Errno.None,
        };
    }

    /// <inheritdoc/>
    public Errno Read(FuseSlot slot, FuseDialect dialect, out FuseRequestReader reader) => FuseRequestReader.Read(
        new ReadOnlySpan<byte>((void*)slot.MessageAddress, slot.MessageLengthBytes), dialect, out reader);

    /// <inheritdoc/>
    public Errno Send(FuseSlot slot, Errno error, int bodyLengthBytes)
    {
        int lengthBytes = FuseProtocol.OutHeaderBytes + (error == Errno.None ? bodyLengthBytes : 0);
        var header = (FuseOutHeader*)(slot.BodyAddress - FuseProtocol.OutHeaderBytes);
        header->Length = (uint)lengthBytes;
        header->Error = -(int)error;
        header->Unique = slot.Unique;
        return Volatile.Read(ref _disposed) == 0 ? Write(header, lengthBytes, Errno.ENODEV) : Errno.ENODEV;
    }

    /// <inheritdoc/>
    public Errno Notify(ReadOnlySpan<byte> message)
    {
        fixed (byte* start = message)
        {
            return Write(start, message.Length, Errno.ENOTCONN);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _device.DangerousRelease();
        if (_ownsDevice)
        {
            _device.Dispose();
        }
    }

    private Errno Write(void* start, int lengthBytes, Errno answerIfClosed)
    {
        bool isHeld = false;
        try
        {
            _device.DangerousAddRef(ref isHeld);
            long written;
            do
            {
                written = Libc.Write(_descriptor, start, (nuint)lengthBytes);
            }
            while (written == -(int)Errno.EINTR);
            return written >= 0 ? Errno.None : (Errno)(int)-written;
        }
        catch (ObjectDisposedException)
        {
            return answerIfClosed;
        }
        finally
        {
            if (isHeld)
            {
                _device.DangerousRelease();
            }
        }
    }
}
