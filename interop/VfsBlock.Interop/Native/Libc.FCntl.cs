using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>F_GETFD of fcntl(2): reads <see cref="DescriptorCloseOnExec"/>.</summary>
    public const int GetDescriptorFlags = 1;

    /// <summary>F_SETFD of fcntl(2).</summary>
    public const int SetDescriptorFlags = 2;

    /// <summary>F_GETFL of fcntl(2): reads the flags in force, which <see cref="OpenFlagNumbers"/> translates.</summary>
    public const int GetStatusFlags = 3;

    /// <summary>F_SETFL of fcntl(2).</summary>
    public const int SetStatusFlags = 4;

    /// <summary>F_OFD_SETLK of fcntl(2): a lock that belongs to the open file, not to the process. Takes a <see cref="FileLock"/>.</summary>
    public const int SetOpenFileLock = 37;

    /// <summary>FD_CLOEXEC, the one descriptor flag.</summary>
    public const int DescriptorCloseOnExec = 1;

    /// <summary>fcntl(2) with an integer or address as argument (0 for a command that takes none).</summary>
    public static int FCntl(int fileDescriptor, int command, long argument) =>
        Fold(fcntl(fileDescriptor, command, argument));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fcntl(int fd, int cmd, long arg);
}
