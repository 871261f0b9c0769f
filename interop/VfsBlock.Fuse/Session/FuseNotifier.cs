using System.Diagnostics.CodeAnalysis;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>Tells the kernel what changed without its doing, or asks it for what only it has.</summary>
/// <remarks>
/// <para>
/// A message goes out on the caller's thread and the call returns when the kernel has acted on it. To act, the kernel takes
/// locks that a request under way may hold: INVAL_INODE, STORE and RETRIEVE wait for the pages of the node,
/// INVAL_ENTRY and DELETE for the directory. <b>So never notify from inside an operation, nor while holding a lock that an
/// operation on the same node or directory needs: both would wait for ever.</b> On a serving thread inside an operation
/// these methods throw <see cref="InvalidOperationException"/>; elsewhere the rule is the caller's to keep.
/// </para>
/// <para>
/// All answer ENOENT where the kernel holds nothing of the kind, which is no failure; ENOTCONN when the session is over; EINVAL where the kernel is too old for the message. Any thread may call them; the lock guards the
/// retrievals under way.
/// </para>
/// </remarks>
public sealed class FuseNotifier
{
    private readonly FuseSession _session;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, FuseRetrieval> _retrievals = [];
    private ulong _lastRetrieval;
    private bool _isOver;

    internal FuseNotifier(FuseSession session) => _session = session;

    /// <summary>Makes the kernel ask for the node's attributes again, and drops its cached access control lists.</summary>
    public Errno InvalidateAttributes(NodeId node) => InvalidateInode(node, -1, 0);

    /// <summary>As <see cref="InvalidateAttributes"/>, and drops cached data. Waits for the pages concerned.</summary>
    /// <param name="node">The file or directory.</param>
    /// <param name="offsetBytes">First byte to drop.</param>
    /// <param name="lengthBytes">Bytes to drop; 0 means to the end of the file.</param>
    public Errno InvalidateData(NodeId node, long offsetBytes = 0, long lengthBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        return InvalidateInode(node, offsetBytes, lengthBytes);
    }

    /// <summary>Drops a cached name, or the cached absence of it. Waits for the directory.</summary>
    public Errno InvalidateEntry(NodeId parent, ReadOnlySpan<byte> name) =>
        NotifyEntry(parent, name, FuseInvalidateEntryFlags.None);

    /// <summary>Makes the kernel look a cached name up again at its next use. Waits for the directory.</summary>
    public Errno ExpireEntry(NodeId parent, ReadOnlySpan<byte> name) =>
        NotifyEntry(parent, name, FuseInvalidateEntryFlags.ExpireOnly);

    /// <summary>Says that <paramref name="name"/> no longer stands for <paramref name="child"/>. Waits for the directory.</summary>
    public Errno Delete(NodeId parent, NodeId child, ReadOnlySpan<byte> name)
    {
        CheckName(name);
        Span<byte> message = stackalloc byte[FuseNotification.MaxNameMessageBytes];
        return Send(FuseNotifyCode.Delete, message[..FuseNotification.Delete(message, parent, child, name)]);
    }

    /// <summary>Puts data into the kernel's page cache. Waits for the pages concerned.</summary>
    /// <param name="node">The file.</param>
    /// <param name="offsetBytes">Where the first byte goes.</param>
    /// <param name="data">The data, copied once on their way.</param>
    public Errno Store(NodeId node, long offsetBytes, ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        byte[] message = new byte[FuseProtocol.OutHeaderBytes + 24 + data.Length];
        int lengthBytes = FuseNotification.Store(message, node, (ulong)offsetBytes, data);
        return Send(FuseNotifyCode.Store, message.AsSpan(0, lengthBytes));
    }

    /// <summary>Copies data out of the kernel's page cache, up to the first page that it does not hold.</summary>
    /// <param name="node">The file.</param>
    /// <param name="offsetBytes">First byte wanted.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="timeout">How long to wait for the kernel's answer; ETIMEDOUT then.</param>
    /// <returns>Bytes copied; fewer than asked for, or none, if the rest is not cached.</returns>
    public IoResult Retrieve(NodeId node, long offsetBytes, Memory<byte> destination, TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        using var retrieval = new FuseRetrieval(destination);
        ulong unique;
        lock (_lock)
        {
            if (_isOver)
            {
                return IoResult.Fail(Errno.ENOTCONN);
            }

            unique = ++_lastRetrieval;
            _retrievals.Add(unique, retrieval);
        }

        Span<byte> message = stackalloc byte[FuseProtocol.OutHeaderBytes + 32];
        int lengthBytes = FuseNotification.Retrieve(message, unique, node, (ulong)offsetBytes, (uint)destination.Length);
        Errno error;
        try
        {
            error = Send(FuseNotifyCode.Retrieve, message[..lengthBytes]);
            if (error == Errno.None && !retrieval.Wait(timeout))
            {
                error = Errno.ETIMEDOUT;
            }
        }
        finally
        {
            // After this nobody fills the caller's memory any more.
            lock (_lock)
            {
                _retrievals.Remove(unique);
            }
        }

        return error == Errno.None ? retrieval.Result : IoResult.Fail(error);
    }

    /// <summary>Asks the kernel to drop nodes that nobody uses.</summary>
    public Errno Prune(ReadOnlySpan<NodeId> nodes)
    {
        byte[] message = new byte[FuseProtocol.OutHeaderBytes + 16 + (nodes.Length * sizeof(ulong))];
        int lengthBytes = FuseNotification.Prune(message, nodes);
        return Send(FuseNotifyCode.Prune, message.AsSpan(0, lengthBytes));
    }

    /// <summary>Makes the kernel look up every cached name and listing again at its next use.</summary>
    public Errno IncrementEpoch()
    {
        Span<byte> message = stackalloc byte[FuseProtocol.OutHeaderBytes];
        return Send(FuseNotifyCode.IncrementEpoch, message[..FuseNotification.IncrementEpoch(message)]);
    }

    /// <summary>
    /// Makes the kernel send every request again that was read and not answered, those under way in this session included:
    /// for a server that takes over from one that is gone.
    /// </summary>
    public Errno Resend()
    {
        Span<byte> message = stackalloc byte[FuseProtocol.OutHeaderBytes];
        return Send(FuseNotifyCode.Resend, message[..FuseNotification.Resend(message)]);
    }

    /// <summary>Wakes who polls a file. Takes no lock in the kernel, so an operation may call it.</summary>
    /// <param name="pollHandle">From <see cref="FusePollIn"/>.</param>
    public Errno WakePoll(ulong pollHandle)
    {
        Span<byte> message = stackalloc byte[FuseProtocol.OutHeaderBytes + 8];
        return Send(FuseNotifyCode.Poll, message[..FuseNotification.PollWakeup(message, pollHandle)]);
    }

    /// <summary>The kernel's answer to <see cref="Retrieve"/>, on a serving thread.</summary>
    internal void Retrieved(ulong unique, ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            _retrievals.GetValueOrDefault(unique)?.Fill(data);
        }
    }

    /// <summary>The session is over: nobody answers any more.</summary>
    internal void End()
    {
        lock (_lock)
        {
            Volatile.Write(ref _isOver, true);
            foreach (FuseRetrieval retrieval in _retrievals.Values)
            {
                retrieval.Fail(Errno.ENOTCONN);
            }

            _retrievals.Clear();
        }
    }

    private static void CheckName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > FuseProtocol.MaxNameBytes)
        {
            throw new ArgumentException($"A name has 1 to {FuseProtocol.MaxNameBytes} bytes, not {name.Length}.", nameof(name));
        }
    }

    private Errno InvalidateInode(NodeId node, long offsetBytes, long lengthBytes)
    {
        Span<byte> message = stackalloc byte[FuseProtocol.OutHeaderBytes + 24];
        int messageBytes = FuseNotification.InvalidateInode(message, node, offsetBytes, lengthBytes);
        return Send(FuseNotifyCode.InvalidateInode, message[..messageBytes]);
    }

    private Errno NotifyEntry(NodeId parent, ReadOnlySpan<byte> name, FuseInvalidateEntryFlags flags)
    {
        CheckName(name);
        Span<byte> message = stackalloc byte[FuseNotification.MaxNameMessageBytes];
        int lengthBytes = FuseNotification.InvalidateEntry(message, parent, name, flags);
        return Send(FuseNotifyCode.InvalidateEntry, message[..lengthBytes]);
    }

    private Errno Send(FuseNotifyCode code, ReadOnlySpan<byte> message)
    {
        if (FuseWorker.IsInOperation && code is not (FuseNotifyCode.Poll or FuseNotifyCode.IncrementEpoch))
        {
            ThrowInOperation(code);
        }

        if (Volatile.Read(ref _isOver))
        {
            return Errno.ENOTCONN;
        }

        Errno error = _session.Notify(message);
        _session.Trace?.Notification(code, message, error);
        return error;
    }

    [DoesNotReturn]
    private static void ThrowInOperation(FuseNotifyCode code) => throw new InvalidOperationException(
        $"{code} from inside an operation can wait for that very operation for ever; send it from a thread of your own, after the reply.");
}
