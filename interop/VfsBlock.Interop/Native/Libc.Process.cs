using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>getuid(2): the real user id. Cannot fail.</summary>
    public static uint UserId() => getuid();

    /// <summary>getgid(2): the real group id. Cannot fail.</summary>
    public static uint GroupId() => getgid();

    /// <summary>_exit(2): ends the process now; nothing is flushed, no handler runs.</summary>
    public static void ExitNow(int status) => _exit(status);

    [LibraryImport(Library)]
    private static partial uint getuid();

    [LibraryImport(Library)]
    private static partial uint getgid();

    [LibraryImport(Library)]
    private static partial void _exit(int status);
}
