namespace VfsBlock.Bench;

/// <summary>How to start one of the null servers.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Program">The executable.</param>
/// <param name="Arguments">Its arguments for a mount point. It prints "ready" once mounted and unmounts on SIGTERM.</param>
internal sealed record ServerRecipe(string Name, string Program, Func<string, string[]> Arguments)
{
    /// <summary>Every server that is measured; the first is what the others are compared with.</summary>
    /// <param name="nullServer">The compiled null_server.c.</param>
    public static IReadOnlyList<ServerRecipe> All(string nullServer) =>
    [
        Libfuse("libfuse, default (threads on one descriptor)", nullServer, "mt"),
        Libfuse("libfuse, clone_fd (a descriptor each)", nullServer, "clone"),
        Libfuse("libfuse, single thread", nullServer, "single"),
        Ours("ours, default (a thread and descriptor per CPU, pinned)"),
        Ours("ours, the same threads, free", "--free"),
        Ours("ours, one thread, pinned to CPU 0", "--threads", "1"),
        Ours("ours, one thread, free", "--threads", "1", "--free"),
    ];

    private static ServerRecipe Libfuse(string name, string program, string mode) =>
        new(name, program, mountPoint => [mountPoint, mode]);

    // The executable beside this assembly: under 'dotnet x.dll' the process itself is another program.
    private static ServerRecipe Ours(string name, params string[] options) => new(
        name,
        Path.Combine(AppContext.BaseDirectory, "VfsBlock.Bench"),
        mountPoint => ["server", mountPoint, .. options]);
}
