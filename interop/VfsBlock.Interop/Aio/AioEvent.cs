using System.Runtime.InteropServices;

namespace VfsBlock.Interop;

/// <summary><c>struct io_event</c>: how one AIO request ended, 32 bytes (include/uapi/linux/aio_abi.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AioEvent
{
    /// <summary>The request's <see cref="AioRequestBlock.Data"/>: the only field to recognise it by.</summary>
    public ulong Data;

    /// <summary>The address that the request block had; by now it may hold another request.</summary>
    public ulong Object;

    /// <summary>Bytes moved (0 for a sync, POLL bits for a poll), or a negated errno.</summary>
    public long Result;

    /// <summary>A second result; 0 for everything that Linux has today.</summary>
    public long Result2;
}
