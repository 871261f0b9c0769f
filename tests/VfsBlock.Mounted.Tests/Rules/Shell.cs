using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Programs as the callers of a mount.</summary>
internal static class Shell
{
    /// <summary>Runs a program to its end, which must be a success.</summary>
    /// <returns>What it printed on standard output.</returns>
    public static string Run(string program, params string[] arguments)
    {
        ProgramRun run = TryRun(program, arguments);
        Assert.True(run.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {run.ExitCode}:\n{run.Output}{run.Errors}");
        return run.Output;
    }

    /// <summary>Runs a program to its end, whatever that is.</summary>
    public static ProgramRun TryRun(string program, params string[] arguments) =>
        ProgramRun.Start(program, arguments) ?? throw new InvalidOperationException($"there is no program {program}");

    /// <summary>Runs a script in a directory; every command in it must succeed.</summary>
    public static string Script(string directory, string script) => Run("sh", "-ec", $"cd \"$0\"\n{script}", directory);
}
