using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>readv(2) with flags, at an offset; offset -1 means the descriptor's own position. preadv2(2).</summary>
    public static long PReadV2(int fileDescriptor, IoVec* vectors, int vectorCount, long offsetBytes, RwFlags flags) =>
        Fold(preadv2(fileDescriptor, vectors, vectorCount, offsetBytes, (int)flags));

    /// <summary>writev(2) with flags, at an offset; offset -1 means the descriptor's own position. pwritev2(2).</summary>
    public static long PWriteV2(int fileDescriptor, IoVec* vectors, int vectorCount, long offsetBytes, RwFlags flags) =>
        Fold(pwritev2(fileDescriptor, vectors, vectorCount, offsetBytes, (int)flags));

    [LibraryImport(Library, SetLastError = true)]
    private static partial long preadv2(int fd, IoVec* iov, int iovcnt, long offset, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial long pwritev2(int fd, IoVec* iov, int iovcnt, long offset, int flags);
}
