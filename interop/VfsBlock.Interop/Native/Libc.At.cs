using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <content>Names in an open directory. All names end in a zero byte; none of these follows a symbolic link that is the name itself, unless it says so.</content>
internal static unsafe partial class Libc
{
    /// <summary>AT_REMOVEDIR: a directory, not a file.</summary>
    public const int RemoveDirectory = 0x200;

    /// <summary>openat(2).</summary>
    public static int OpenAt(int directory, byte* name, OpenFlags flags, uint mode) => Fold(openat(directory, name, OpenFlagNumbers.ToKernel(flags), mode));

    /// <summary>mkdirat(2).</summary>
    public static int MakeDirectoryAt(int directory, byte* name, uint mode) => Fold(mkdirat(directory, name, mode));

    /// <summary>mknodat(2); the device as makedev(3) packs it.</summary>
    public static int MakeNodeAt(int directory, byte* name, uint mode, ulong device) => Fold(mknodat(directory, name, mode, device));

    /// <summary>symlinkat(2).</summary>
    public static int MakeLinkAt(byte* target, int directory, byte* name) => Fold(symlinkat(target, directory, name));

    /// <summary>linkat(2), both names in open directories.</summary>
    public static int LinkAt(int oldDirectory, byte* oldName, int directory, byte* name) => Fold(linkat(oldDirectory, oldName, directory, name, 0));

    /// <summary>unlinkat(2).</summary>
    public static int UnlinkAt(int directory, byte* name, int flags) => Fold(unlinkat(directory, name, flags));

    /// <summary>readlinkat(2).</summary>
    public static long ReadLinkAt(int directory, byte* name, byte* target, nuint targetBytes) => Fold(readlinkat(directory, name, target, targetBytes));

    /// <summary>fchownat(2).</summary>
    public static int ChangeOwnerAt(int directory, byte* name, uint user, uint group) => Fold(fchownat(directory, name, user, group, NoFollowLink));

    /// <summary>fchmodat(2); it follows links, which have no permissions of their own.</summary>
    public static int ChangeModeAt(int directory, byte* name, uint mode) => Fold(fchmodat(directory, name, mode, 0));

    /// <summary>utimensat(2): access time and modification time.</summary>
    public static int SetTimesAt(int directory, byte* name, TimeSpec* times) => Fold(utimensat(directory, name, times, NoFollowLink));

    /// <summary>getdents64(2).</summary>
    public static long ReadEntries(int directory, byte* buffer, nuint bufferBytes) => Fold(getdents64(directory, buffer, bufferBytes));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int openat(int dirfd, byte* pathname, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int mkdirat(int dirfd, byte* pathname, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int mknodat(int dirfd, byte* pathname, uint mode, ulong dev);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int symlinkat(byte* target, int newdirfd, byte* linkpath);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int linkat(int olddirfd, byte* oldpath, int newdirfd, byte* newpath, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int unlinkat(int dirfd, byte* pathname, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial long readlinkat(int dirfd, byte* pathname, byte* buf, nuint bufsiz);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fchownat(int dirfd, byte* pathname, uint owner, uint group, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fchmodat(int dirfd, byte* pathname, uint mode, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int utimensat(int dirfd, byte* pathname, TimeSpec* times, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial long getdents64(int fd, byte* dirp, nuint count);
}
