using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>read(2): reads at the descriptor's own position and moves it.</summary>
    public static long Read(int fileDescriptor, void* buffer, nuint lengthBytes) =>
        Fold(read(fileDescriptor, buffer, lengthBytes));

    /// <summary>write(2): writes at the descriptor's own position and moves it.</summary>
    public static long Write(int fileDescriptor, void* buffer, nuint lengthBytes) =>
        Fold(write(fileDescriptor, buffer, lengthBytes));

    /// <summary>readv(2): <see cref="Read"/> into several pieces of memory, 1024 at most.</summary>
    public static long ReadV(int fileDescriptor, IoVec* vectors, int vectorCount) =>
        Fold(readv(fileDescriptor, vectors, vectorCount));

    /// <summary>writev(2): <see cref="Write"/> from several pieces of memory, 1024 at most.</summary>
    public static long WriteV(int fileDescriptor, IoVec* vectors, int vectorCount) =>
        Fold(writev(fileDescriptor, vectors, vectorCount));

    [LibraryImport(Library, SetLastError = true)]
    private static partial long read(int fd, void* buf, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial long write(int fd, void* buf, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial long readv(int fd, IoVec* iov, int iovcnt);

    [LibraryImport(Library, SetLastError = true)]
    private static partial long writev(int fd, IoVec* iov, int iovcnt);
}
