using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>Fills the reply of a READDIRPLUS with records, each whole or not at all.</summary>
/// <remarks>
/// Every record with a node id counts as one lookup of that node, which the kernel takes back with a FORGET; for "."
/// and ".." it does not, so add them without one. Writes into the reply's own memory; allocates nothing.
/// </remarks>
public ref struct FuseDirectoryPlusWriter
{
    private const int EntryBytes = 128;
    private readonly Span<byte> _reply;

    /// <summary>Starts an empty listing.</summary>
    /// <param name="reply">Where the records go: no longer than the request asked for.</param>
    public FuseDirectoryPlusWriter(Span<byte> reply)
    {
        _reply = reply;
    }

    /// <summary>Bytes of all records so far: the length of the reply.</summary>
    public int BytesWritten { get; private set; }

    /// <summary>Bytes that a record takes.</summary>
    /// <param name="nameBytes">Length of its name.</param>
    public static int RecordBytes(int nameBytes) => EntryBytes + FuseDirectoryWriter.RecordBytes(nameBytes);

    /// <summary>Adds an entry with its attributes, which counts as a lookup.</summary>
    /// <param name="name">Its name, 1 to 4095 bytes.</param>
    /// <param name="entry">What a LOOKUP of the name would answer.</param>
    /// <param name="nextCookie">The offset of a READDIRPLUS that goes on after this entry; not 0.</param>
    /// <returns>False if it does not fit; then nothing was written, nothing counts and the reply is complete.</returns>
    public bool TryAdd(scoped ReadOnlySpan<byte> name, scoped in FuseEntryOut entry, ulong nextCookie) =>
        TryAdd(name, in entry, entry.Attr.Inode, entry.Attr.Mode, nextCookie);

    /// <summary>Adds an entry without attributes: no lookup is counted.</summary>
    /// <param name="name">Its name, 1 to 4095 bytes.</param>
    /// <param name="inode">Its inode number.</param>
    /// <param name="mode">Its <c>st_mode</c>, of which the type counts.</param>
    /// <param name="nextCookie">The offset of a READDIRPLUS that goes on after this entry; not 0.</param>
    /// <returns>False if it does not fit; then nothing was written and the reply is complete.</returns>
    public bool TryAdd(scoped ReadOnlySpan<byte> name, ulong inode, uint mode, ulong nextCookie) =>
        TryAdd(name, default, inode, mode, nextCookie);

    private bool TryAdd(scoped ReadOnlySpan<byte> name, scoped in FuseEntryOut entry, ulong inode, uint mode, ulong nextCookie)
    {
        Span<byte> room = _reply[BytesWritten..];
        if (room.Length < EntryBytes)
        {
            return false;
        }

        var plain = new FuseDirectoryWriter(room[EntryBytes..]);
        if (!plain.TryAdd(name, inode, mode, nextCookie))
        {
            return false;
        }

        MemoryMarshal.Write(room, in entry);
        BytesWritten += EntryBytes + plain.BytesWritten;
        return true;
    }
}
