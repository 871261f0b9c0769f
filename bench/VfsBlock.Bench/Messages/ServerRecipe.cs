namespace VfsBlock.Bench;

/// <summary>How to start one of the null servers.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Program">The executable.</param>
/// <param name="Arguments">Its arguments for a mount point. It prints "ready" once mounted and unmounts on SIGTERM.</param>
internal sealed record ServerRecipe(string Name, string Program, Func<string, string[]> Arguments)
{
    /// <summary>A mode of bench/native/null_server.c.</summary>
    public static ServerRecipe Libfuse(string name, string program, string mode) =>
        new(name, program, mountPoint => [mountPoint, mode]);
}
