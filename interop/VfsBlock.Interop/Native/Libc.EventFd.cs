using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>EFD_NONBLOCK: reading 0 fails with EAGAIN rather than waiting.</summary>
    public const int EventFdNonBlocking = 0x800;

    /// <summary>EFD_CLOEXEC: not inherited by a program this process starts.</summary>
    public const int EventFdCloseOnExec = 0x8_0000;

    /// <summary>eventfd(2): a descriptor that is a 64-bit counter.</summary>
    public static int EventFd(uint initialCount, int flags) => Fold(eventfd(initialCount, flags));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int eventfd(uint initval, int flags);
}
