using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// Builds the messages that a server sends unasked. Each method fills the front of a span and returns how many bytes
/// one write(2) to the device must pass on.
/// </summary>
/// <remarks>
/// <para>Source: fuse_notify() of fs/fuse/dev.c. Allocates nothing.</para>
/// <para>
/// The write answers ENOENT for what is not cached: ignore it. The kernel may take locks of the node or of its
/// directory meanwhile, so never send while an operation on either waits for you.
/// </para>
/// <para>All methods throw <see cref="ArgumentException"/> for a span that is too short.</para>
/// </remarks>
public static class FuseNotification
{
    /// <summary>Bytes that hold any notification without data: the longest is a name.</summary>
    public const int MaxNameMessageBytes = FuseProtocol.OutHeaderBytes + 24 + FuseProtocol.MaxNameBytes + 1;

    /// <summary>Wakes who polls a file.</summary>
    /// <param name="message">Where the message goes.</param>
    /// <param name="pollHandle">From <see cref="FusePollIn.PollHandle"/>.</param>
    public static int PollWakeup(Span<byte> message, ulong pollHandle) =>
        Write(message, FuseNotifyCode.Poll, new FuseNotifyPollWakeup { PollHandle = pollHandle });

    /// <summary>Drops cached attributes, access control lists and data of a node.</summary>
    /// <param name="message">Where the message goes.</param>
    /// <param name="node">The node.</param>
    /// <param name="offset">First byte of the data to drop; negative keeps all data.</param>
    /// <param name="length">Bytes to drop; 0 or less means to the end of the file.</param>
    public static int InvalidateInode(Span<byte> message, NodeId node, long offset, long length) =>
        Write(
            message,
            FuseNotifyCode.InvalidateInode,
            new FuseNotifyInvalidateInode { NodeId = node.Value, Offset = offset, Length = length });

    /// <summary>Drops a cached name.</summary>
    /// <param name="message">Where the message goes.</param>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name.</param>
    /// <param name="flags">Drop, or only expire.</param>
    public static int InvalidateEntry(
        Span<byte> message, NodeId parent, ReadOnlySpan<byte> name, FuseInvalidateEntryFlags flags)
    {
        var body = new FuseNotifyInvalidateEntry
        {
            ParentNodeId = parent.Value,
            NameLength = (uint)name.Length,
            Flags = flags,
        };
        return Write(message, FuseNotifyCode.InvalidateEntry, body, name, nulBytes: 1);
    }

    /// <summary>Says that a name is gone, so that watchers of it learn it.</summary>
    /// <param name="message">Where the message goes.</param>
    /// <param name="parent">The directory.</param>
    /// <param name="child">The node the name stood for; another one there makes the kernel do nothing.</param>
    /// <param name="name">The name.</param>
    public static int Delete(Span<byte> message, NodeId parent, NodeId child, ReadOnlySpan<byte> name)
    {
        var body = new FuseNotifyDelete
        {
            ParentNodeId = parent.Value,
            ChildNodeId = child.Value,
            NameLength = (uint)name.Length,
        };
        return Write(message, FuseNotifyCode.Delete, body, name, nulBytes: 1);
    }

    /// <summary>Puts data into the kernel's page cache.</summary>
    /// <param name="message">Where the message goes.</param>
    /// <param name="node">The node.</param>
    /// <param name="offset">Where the first byte goes.</param>
    /// <param name="data">The data; they are copied into the message.</param>
    public static int Store(Span<byte> message, NodeId node, ulong offset, ReadOnlySpan<byte> data)
    {
        var body = new FuseNotifyStore { NodeId = node.Value, Offset = offset, Size = (uint)data.Length };
        return Write(message, FuseNotifyCode.Store, body, data);
    }

    /// <summary>Asks for data of the kernel's page cache; they come as a <see cref="FuseOpcode.NotifyReply"/>.</summary>
    /// <param name="message">Where the message goes.</param>
    /// <param name="notifyUnique">Chosen by the caller; the answer's header carries it as its unique.</param>
    /// <param name="node">The node.</param>
    /// <param name="offset">First byte wanted.</param>
    /// <param name="sizeBytes">Bytes wanted.</param>
    public static int Retrieve(Span<byte> message, ulong notifyUnique, NodeId node, ulong offset, uint sizeBytes)
    {
        var body = new FuseNotifyRetrieve
        {
            NotifyUnique = notifyUnique,
            NodeId = node.Value,
            Offset = offset,
            Size = sizeBytes,
        };
        return Write(message, FuseNotifyCode.Retrieve, body);
    }

    /// <summary>Makes the kernel send all unanswered requests again, marked by <see cref="FuseProtocol.ResentUniqueBit"/>.</summary>
    /// <param name="message">Where the message goes.</param>
    public static int Resend(Span<byte> message) => WriteHeader(message, FuseNotifyCode.Resend, 0);

    /// <summary>Makes the kernel look up all cached names and listings again at their next use.</summary>
    /// <param name="message">Where the message goes.</param>
    public static int IncrementEpoch(Span<byte> message) => WriteHeader(message, FuseNotifyCode.IncrementEpoch, 0);

    /// <summary>Asks the kernel to drop unused nodes.</summary>
    /// <param name="message">Where the message goes.</param>
    /// <param name="nodes">The nodes.</param>
    public static int Prune(Span<byte> message, ReadOnlySpan<NodeId> nodes) =>
        Write(
            message,
            FuseNotifyCode.Prune,
            new FuseNotifyPrune { Count = (uint)nodes.Length },
            MemoryMarshal.AsBytes(nodes));

    private static int Write<T>(
        Span<byte> message, FuseNotifyCode code, in T body, ReadOnlySpan<byte> content = default, int nulBytes = 0)
        where T : unmanaged
    {
        int lengthBytes = WriteHeader(message, code, Unsafe.SizeOf<T>() + content.Length + nulBytes);
        Span<byte> rest = message[FuseProtocol.OutHeaderBytes..lengthBytes];
        MemoryMarshal.Write(rest, in body);
        content.CopyTo(rest[Unsafe.SizeOf<T>()..]);
        rest[^nulBytes..].Clear();
        return lengthBytes;
    }

    private static int WriteHeader(Span<byte> message, FuseNotifyCode code, int bodyBytes)
    {
        int lengthBytes = FuseProtocol.OutHeaderBytes + bodyBytes;
        if (message.Length < lengthBytes)
        {
            throw new ArgumentException($"{lengthBytes} bytes are needed, {message.Length} are there", nameof(message));
        }

        var header = new FuseOutHeader { Length = (uint)lengthBytes, Error = (int)code };
        MemoryMarshal.Write(message, in header);
        return lengthBytes;
    }
}
