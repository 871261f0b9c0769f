using System.Diagnostics;
using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>
/// Sends messages to one server, one after another, by system calls on its file. Owns the descriptor. One thread at a
/// time; the loop neither allocates nor calls anything but the system call.
/// </summary>
internal sealed unsafe class MessageClient : IDisposable
{
    private const int TransferBytes = 4096;

    private readonly NativeBuffer _buffer = new(TransferBytes);
    private readonly NativeBuffer _emptyPath = new(1);
    private readonly int _descriptor;

    public MessageClient(NullServer server)
    {
        Server = server;
        _descriptor = BareLibc.open(server.FilePath, BareLibc.ReadWrite | BareLibc.Direct | BareLibc.CloseOnExec, 0);
        if (_descriptor < 0)
        {
            throw Failure("open");
        }
    }

    public NullServer Server { get; }

    /// <summary>Microseconds for each of <paramref name="count"/> messages in a row.</summary>
    public double MicrosecondsPerMessage(MessageKind kind, int count)
    {
        long start = Stopwatch.GetTimestamp();
        bool answered = kind switch
        {
            MessageKind.GetAttr => GetAttributes(count),
            MessageKind.Read4K => Read(count),
            _ => Write(count),
        };
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return answered ? elapsed.TotalMicroseconds / count : throw Failure(kind.ToString());
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = BareLibc.close(_descriptor);
        }

        _buffer.Dispose();
        _emptyPath.Dispose();
    }

    private bool GetAttributes(int count)
    {
        byte* result = (byte*)_buffer.Address;
        byte* path = (byte*)_emptyPath.Address;
        for (int done = 0; done < count; done++)
        {
            if (BareLibc.statx(_descriptor, path, BareLibc.EmptyPath | BareLibc.ForceSync, BareLibc.StatxBasicStats, result) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool Read(int count)
    {
        byte* buffer = (byte*)_buffer.Address;
        for (int done = 0; done < count; done++)
        {
            if (BareLibc.pread(_descriptor, buffer, TransferBytes, 0) != TransferBytes)
            {
                return false;
            }
        }

        return true;
    }

    private bool Write(int count)
    {
        byte* buffer = (byte*)_buffer.Address;
        for (int done = 0; done < count; done++)
        {
            if (BareLibc.pwrite(_descriptor, buffer, TransferBytes, 0) != TransferBytes)
            {
                return false;
            }
        }

        return true;
    }

    private BenchException Failure(string call) =>
        new($"{Server.Recipe.Name}: {call} failed: {ErrnoText.Describe((Errno)Marshal.GetLastPInvokeError())}");
}
