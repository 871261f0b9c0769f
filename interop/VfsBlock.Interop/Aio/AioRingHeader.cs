using System.Runtime.InteropServices;

namespace VfsBlock.Interop;

/// <summary>
/// <c>struct aio_ring</c> (the kernel's fs/aio.c): the head of the event ring that the kernel maps into the process at
/// the context's address, 32 bytes; the events follow it.
/// </summary>
/// <remarks>No uapi header has it, but its fields are fixed: libaio and fio read the ring by them.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct AioRingHeader
{
    /// <summary>What <see cref="Magic"/> must hold (AIO_RING_MAGIC).</summary>
    public const uint ExpectedMagic = 0xa10a10a1;

    /// <summary>The kernel's index of the context.</summary>
    public uint Id;

    /// <summary>How many events the ring has room for: more than was asked for, and one more than it ever holds.</summary>
    public uint EventCount;

    /// <summary>Index of the oldest event that was not reaped.</summary>
    public uint Head;

    /// <summary>Index where the next event goes.</summary>
    public uint Tail;

    /// <summary><see cref="ExpectedMagic"/>.</summary>
    public uint Magic;

    /// <summary>Features a reader may ignore; 1 today.</summary>
    public uint CompatibleFeatures;

    /// <summary>Features a reader must know; 0 today.</summary>
    public uint IncompatibleFeatures;

    /// <summary>Size of this structure in bytes.</summary>
    public uint HeaderLengthBytes;
}
