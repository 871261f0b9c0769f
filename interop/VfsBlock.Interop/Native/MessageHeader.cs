using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <summary><c>struct msghdr</c> of recvmsg(2), 64-bit layout.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal unsafe struct MessageHeader
{
    /// <summary>The sender's address; null on a connected socket.</summary>
    [FieldOffset(0)] public void* Name;

    [FieldOffset(8)] public uint NameLengthBytes;
    [FieldOffset(16)] public IoVec* Vectors;
    [FieldOffset(24)] public nuint VectorCount;

    /// <summary>Room for <see cref="ControlMessageHeader"/> and what follows it.</summary>
    [FieldOffset(32)] public void* Control;

    /// <summary>Size of that room before the call, bytes in use after it.</summary>
    [FieldOffset(40)] public nuint ControlLengthBytes;

    [FieldOffset(48)] public int Flags;
}
