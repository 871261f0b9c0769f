using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    private const uint MemoryFileCloseOnExec = 1;

    /// <summary>memfd_create(2): a file in memory without a name in any directory, closed on exec.</summary>
    public static int MemoryFile(byte* name) => Fold(memfd_create(name, MemoryFileCloseOnExec));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int memfd_create(byte* name, uint flags);
}
