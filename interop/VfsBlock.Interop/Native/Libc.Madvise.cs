using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>MADV_POPULATE_READ (Linux 5.14): fault the pages in for reading and report what fails.</summary>
    public const int AdvisePopulateRead = 22;

    /// <summary>MADV_POPULATE_WRITE (Linux 5.14): fault the pages in for writing and report what fails.</summary>
    public const int AdvisePopulateWrite = 23;

    /// <summary>madvise(2) of whole pages.</summary>
    public static int MAdvise(nint address, nuint lengthBytes, int advice) => Fold(madvise(address, lengthBytes, advice));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int madvise(nint addr, nuint length, int advice);
}
