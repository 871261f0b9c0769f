using System.Runtime.InteropServices;

namespace VfsBlock.Interop;

/// <summary><c>struct iocb</c>: one AIO request as io_submit(2) reads it, 64 bytes.</summary>
/// <remarks>
/// Layout of little-endian machines (include/uapi/linux/aio_abi.h). The kernel copies the block while it submits it; the
/// memory that <see cref="Buffer"/> points to stays in use until the request's event was reaped.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public struct AioRequestBlock
{
    /// <summary>The caller's own value, returned in <see cref="AioEvent.Data"/>.</summary>
    public ulong Data;

    /// <summary>The kernel's mark, written at submission and checked by io_cancel(2).</summary>
    public uint Key;

    /// <summary>Flags of the transfer (<c>aio_rw_flags</c>, Linux 4.13); one that the file refuses is EOPNOTSUPP.</summary>
    public RwFlags RwFlags;

    /// <summary>What to do.</summary>
    public AioOpcode Opcode;

    /// <summary>I/O priority, with <see cref="AioFlags.HasPriority"/>.</summary>
    public short Priority;

    /// <summary>The file.</summary>
    public int FileDescriptor;

    /// <summary>Address of the memory, or of the <see cref="IoVec"/>s; the events to wait for in a poll.</summary>
    public ulong Buffer;

    /// <summary>Size of the memory in bytes, or the number of <see cref="IoVec"/>s.</summary>
    public ulong Length;

    /// <summary>Where in the file, in bytes; negative is EINVAL.</summary>
    public long OffsetBytes;

    /// <summary>Must be 0, else EINVAL.</summary>
    public ulong Reserved;

    /// <summary>Which optional fields count.</summary>
    public AioFlags Flags;

    /// <summary>An eventfd(2), with <see cref="AioFlags.NotifyEventFd"/>.</summary>
    public int EventDescriptor;
}
