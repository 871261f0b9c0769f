using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>FSCONFIG_SET_FLAG: a parameter without a value.</summary>
    public const uint SetFlag = 0;

    /// <summary>FSCONFIG_SET_STRING: a parameter with a value.</summary>
    public const uint SetString = 1;

    /// <summary>FSCONFIG_CMD_CREATE: makes the file system that the parameters describe.</summary>
    public const uint CreateFileSystem = 6;

    /// <summary>MNT_DETACH of umount2(2): gone from the tree now, gone altogether with its last user.</summary>
    public const int DetachMount = 2;

    /// <summary>UMOUNT_NOFOLLOW of umount2(2): a symbolic link is not followed.</summary>
    public const int UnmountNoFollow = 8;

    // The same on every architecture. By number, since the C library has these four only from glibc 2.36 on.
    private const long MoveMountNumber = 429;
    private const long FsOpenNumber = 430;
    private const long FsConfigNumber = 431;
    private const long FsMountNumber = 432;
    private const uint CloseOnExec = 1;
    private const uint MoveFromDescriptor = 4;

    /// <summary>fsopen(2): a descriptor, closed on exec, that collects the parameters of a new file system.</summary>
    public static int FsOpen(byte* type) => (int)Fold(fsopen(FsOpenNumber, type, CloseOnExec));

    /// <summary>fsconfig(2), for the commands above; the key is null for <see cref="CreateFileSystem"/>.</summary>
    public static int FsConfig(int context, uint command, byte* key, byte* value) =>
        (int)Fold(fsconfig(FsConfigNumber, context, command, key, value, 0));

    /// <summary>fsmount(2): a descriptor, closed on exec, of a mount that is in no directory tree yet.</summary>
    public static int FsMount(int context, uint attributes) =>
        (int)Fold(fsmount(FsMountNumber, context, CloseOnExec, attributes));

    /// <summary>move_mount(2): puts the mount of <see cref="FsMount"/> on a directory.</summary>
    public static int MoveMount(int mount, byte* path)
    {
        byte empty = 0;
        return (int)Fold(move_mount(MoveMountNumber, mount, &empty, CurrentDirectory, path, MoveFromDescriptor));
    }

    /// <summary>umount2(2).</summary>
    public static int Unmount(byte* path, int flags) => Fold(umount2(path, flags));

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long fsopen(long number, byte* fsname, uint flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long fsconfig(long number, long fd, uint cmd, byte* key, byte* value, long aux);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long fsmount(long number, long fd, uint flags, uint attrFlags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long move_mount(
        long number, long fromFd, byte* fromPath, long toFd, byte* toPath, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int umount2(byte* target, int flags);
}
