using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>Walks the security labels of a request that creates a file.</summary>
/// <remarks>
/// Source: struct fuse_secctx of linux/fuse.h and get_security_context() of fs/fuse/dir.c: each label is its struct, a
/// NUL-terminated name and the value, zero-padded to 8 bytes. Points into the request; allocates nothing.
/// </remarks>
public ref struct FuseSecurityLabels
{
    private const int StructBytes = 8;
    private ReadOnlySpan<byte> _rest;

    internal FuseSecurityLabels(ReadOnlySpan<byte> labels, uint count)
    {
        _rest = labels;
        RemainingCount = count;
    }

    /// <summary>Number of labels not read yet.</summary>
    public uint RemainingCount { get; private set; }

    /// <summary>Reads the next label; ask <see cref="RemainingCount"/> first.</summary>
    /// <param name="name">The extended attribute that holds the label, such as <c>security.selinux</c>.</param>
    /// <param name="value">The label.</param>
    /// <returns>EIO if there is none, or it does not fit in the request.</returns>
    public Errno ReadNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (RemainingCount == 0 || _rest.Length < StructBytes)
        {
            return Errno.EIO;
        }

        uint valueBytes = MemoryMarshal.Read<FuseSecurityContext>(_rest).Size;
        ReadOnlySpan<byte> content = _rest[StructBytes..];
        int nameBytes = content.IndexOf((byte)0);
        if (nameBytes <= 0 || valueBytes > content.Length - nameBytes - 1)
        {
            return Errno.EIO;
        }

        name = content[..nameBytes];
        value = content.Slice(nameBytes + 1, (int)valueBytes);
        int labelBytes = FuseProtocol.AlignRecord(StructBytes + nameBytes + 1 + value.Length);
        _rest = _rest[Math.Min(labelBytes, _rest.Length)..];
        RemainingCount--;
        return Errno.None;
    }
}
