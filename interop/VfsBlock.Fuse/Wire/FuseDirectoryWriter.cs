using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>Fills the reply of a READDIR with records, each whole or not at all.</summary>
/// <remarks>Writes into the reply's own memory; allocates nothing.</remarks>
public ref struct FuseDirectoryWriter
{
    private const int FixedBytes = 24;
    private const uint TypeBits = 0xF000;
    private readonly Span<byte> _reply;

    /// <summary>Starts an empty listing.</summary>
    /// <param name="reply">Where the records go: no longer than the request asked for.</param>
    public FuseDirectoryWriter(Span<byte> reply)
    {
        _reply = reply;
    }

    /// <summary>Bytes of all records so far: the length of the reply.</summary>
    public int BytesWritten { get; private set; }

    /// <summary>Bytes that a record takes.</summary>
    /// <param name="nameBytes">Length of its name.</param>
    public static int RecordBytes(int nameBytes) => FuseProtocol.AlignRecord(FixedBytes + nameBytes);

    /// <summary>Adds an entry.</summary>
    /// <param name="name">Its name, 1 to 4095 bytes; "." and ".." are entries like others.</param>
    /// <param name="inode">Its inode number.</param>
    /// <param name="mode">Its <c>st_mode</c>, of which the type counts.</param>
    /// <param name="nextCookie">The offset of a READDIR that goes on after this entry; not 0.</param>
    /// <returns>False if it does not fit; then nothing was written and the reply is complete.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The name is empty or too long: the kernel would refuse the listing.</exception>
    public bool TryAdd(scoped ReadOnlySpan<byte> name, ulong inode, uint mode, ulong nextCookie)
    {
        ArgumentOutOfRangeException.ThrowIfZero(name.Length, nameof(name));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, FuseProtocol.MaxLinkTargetBytes, nameof(name));
        int recordBytes = RecordBytes(name.Length);
        if (recordBytes > _reply.Length - BytesWritten)
        {
            return false;
        }

        Span<byte> record = _reply.Slice(BytesWritten, recordBytes);
        var dirent = new FuseDirent
        {
            Inode = inode,
            NextCookie = nextCookie,
            NameLength = (uint)name.Length,
            Type = (mode & TypeBits) >> 12,
        };
        MemoryMarshal.Write(record, in dirent);
        name.CopyTo(record[FixedBytes..]);
        record[(FixedBytes + name.Length)..].Clear();
        BytesWritten += recordBytes;
        return true;
    }
}
