using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>poll(2): how many of the descriptors have something to report; 0 after the timeout (-1: none).</summary>
    public static int Poll(PollDescriptor* descriptors, int count, int timeoutMs) =>
        Fold(poll(descriptors, (nuint)count, timeoutMs));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int poll(PollDescriptor* fds, nuint nfds, int timeout);
}
