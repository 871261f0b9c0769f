using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <summary><c>struct pollfd</c> of poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    /// <summary>POLLIN: there is something to read.</summary>
    public const short Readable = 0x1;

    /// <summary>POLLERR: the descriptor is broken; always reported.</summary>
    public const short Broken = 0x8;

    public int FileDescriptor;
    public short Asked;
    public short Reported;
}
