using System.Diagnostics;
using System.Globalization;
using System.Text;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>
/// The wire log: one line for every request, reply and notification, for people to read. See <see cref="FuseTraceText"/>
/// for how messages are put into words.
/// </summary>
/// <remarks>
/// Any thread calls it; the lock keeps lines whole and is held while one is written, so a trace slows the session down. It
/// allocates. A writer that fails ends the trace, not the session.
/// </remarks>
internal sealed class FuseTrace
{
    private readonly TextWriter _writer;
    private readonly Lock _lock = new();
    private readonly StringBuilder _line = new();
    private bool _hasFailed;

    public FuseTrace(TextWriter writer) => _writer = writer;

    /// <summary>A request arrived, well-formed or not.</summary>
    public void Request(FuseSlot slot, Errno error, scoped in FuseRequestReader reader)
    {
        slot.TraceTimestamp = Stopwatch.GetTimestamp();
        FuseInHeader header = reader.Header;
        lock (_lock)
        {
            Start(slot.Worker!.Index, "->");
            _line.Append(header.Unique & ~FuseProtocol.ResentUniqueBit).Append(' ');
            _line.Append(FuseTraceText.Name(header.Opcode)).Append(" node ").Append(header.NodeId);
            if (error == Errno.None)
            {
                FuseTraceText.AppendArguments(_line, reader);
            }
            else
            {
                _line.Append(" malformed, ").Append(slot.MessageLengthBytes).Append(" bytes: ").Append(error);
            }

            if ((header.Unique & FuseProtocol.ResentUniqueBit) != 0)
            {
                _line.Append(" resent");
            }

            _line.Append(" (uid ").Append(header.Uid).Append(" gid ").Append(header.Gid).Append(" pid ").Append(header.ProcessId).Append(')');
            Finish();
        }
    }

    /// <summary>A reply is about to be sent.</summary>
    public void Reply(FuseSlot slot, Errno error, int lengthBytes)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(slot.TraceTimestamp);
        lock (_lock)
        {
            Start(slot.Worker!.Index, "<-");
            _line.Append(slot.Request.Unique).Append(' ').Append(FuseTraceText.Name(slot.Request.Opcode)).Append(' ');
            if (error == Errno.None)
            {
                _line.Append("ok");
                FuseTraceText.AppendReply(_line, slot, lengthBytes);
                _line.Append(", ").Append(lengthBytes).Append(" bytes");
            }
            else
            {
                _line.Append(error);
            }

            _line.Append(", ").Append((long)elapsed.TotalMicroseconds).Append(" us");
            Finish();
        }
    }

    /// <summary>A reply did not get through.</summary>
    public void NotSent(FuseSlot slot, Errno error)
    {
        lock (_lock)
        {
            Start(slot.Worker!.Index, "<-");
            _line.Append(slot.Request.Unique).Append(" not delivered: ").Append(error);
            Finish();
        }
    }

    /// <summary>A notification was sent.</summary>
    public void Notification(FuseNotifyCode code, ReadOnlySpan<byte> message, Errno error)
    {
        lock (_lock)
        {
            Start(-1, "<!");
            _line.Append(code).Append(", ").Append(message.Length).Append(" bytes: ").Append(error == Errno.None ? "ok" : error.ToString());
            Finish();
        }
    }

    private void Start(int workerIndex, string direction)
    {
        _line.Clear();
        _line.Append(CultureInfo.InvariantCulture, $"{DateTime.Now:HH:mm:ss.ffffff} ");
        if (workerIndex >= 0)
        {
            _line.Append('#').Append(workerIndex).Append(' ');
        }

        _line.Append(direction).Append(' ');
    }

    private void Finish()
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            _writer.WriteLine(_line);
            _writer.Flush();
        }
        catch (Exception)
        {
            // Whatever it was: a trace is no reason to end a session.
            _hasFailed = true;
        }
    }
}
