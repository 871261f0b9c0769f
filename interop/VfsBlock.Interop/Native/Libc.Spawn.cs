using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>Room for the C library's <c>posix_spawn_file_actions_t</c>, with some to spare (glibc: 80 bytes).</summary>
    public const int SpawnActionsBytes = 256;

    /// <summary>SIGKILL of signal(7): ends a process that can do nothing about it.</summary>
    public const int KillSignal = 9;

    /// <summary>posix_spawn_file_actions_init(3).</summary>
    public static int SpawnActionsInit(byte* actions) => -posix_spawn_file_actions_init(actions);

    /// <summary>posix_spawn_file_actions_adddup2(3): the copy stays open in the new program.</summary>
    public static int SpawnActionsDup(byte* actions, int from, int to) =>
        -posix_spawn_file_actions_adddup2(actions, from, to);

    /// <summary>posix_spawn_file_actions_addopen(3).</summary>
    public static int SpawnActionsOpen(byte* actions, int to, byte* path, OpenFlags flags) =>
        -posix_spawn_file_actions_addopen(actions, to, path, OpenFlagNumbers.ToKernel(flags), 0);

    /// <summary>posix_spawn_file_actions_addclosefrom_np(3), glibc 2.34: no other descriptor reaches the program.</summary>
    public static int SpawnActionsCloseFrom(byte* actions, int first) =>
        -posix_spawn_file_actions_addclosefrom_np(actions, first);

    /// <summary>posix_spawn_file_actions_destroy(3).</summary>
    public static int SpawnActionsDestroy(byte* actions) => -posix_spawn_file_actions_destroy(actions);

    /// <summary>posix_spawn(3): starts a program without a fork that managed code would see.</summary>
    public static int Spawn(int* processId, byte* path, byte* actions, byte** arguments, byte** environment) =>
        -posix_spawn(processId, path, actions, null, arguments, environment);

    /// <summary>waitpid(2) for one child; the status is decoded as wait(2) says.</summary>
    public static int WaitProcess(int processId, int* status) => Fold(waitpid(processId, status, 0));

    /// <summary>kill(2).</summary>
    public static int Kill(int processId, int signal) => Fold(kill(processId, signal));

    [LibraryImport(Library)]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport(Library)]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int fd, int newfd);

    [LibraryImport(Library)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int fd, byte* path, int oflag, uint mode);

    [LibraryImport(Library)]
    private static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int from);

    [LibraryImport(Library)]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport(Library)]
    private static partial int posix_spawn(
        int* pid, byte* path, byte* fileActions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int kill(int pid, int sig);
}
