using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <summary><c>struct cmsghdr</c> of cmsg(3), 64-bit layout; its data follows at once.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlMessageHeader
{
    /// <summary>SOL_SOCKET, the level of SCM_RIGHTS.</summary>
    public const int SocketLevel = 1;

    /// <summary>SCM_RIGHTS: the data is an array of descriptors.</summary>
    public const int Rights = 1;

    /// <summary>Size of header and data together.</summary>
    public nuint LengthBytes;

    public int Level;
    public int Type;
}
