using Xunit;

namespace VfsBlock.TestKit;

/// <summary>A test that mounts, and in it runs a program that not every machine has; skipped, with the reason, where either cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    /// <summary>Looks for the program.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="whatIsMissing">What to say where it is not: that, and how to get it.</param>
    public ProgramFactAttribute(string program, string whatIsMissing)
    {
        Program = program;
        WhatIsMissing = whatIsMissing;
        IEnumerable<string> directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Skip = MountSupport.Problem ?? (directories.Any(directory => File.Exists(Path.Combine(directory, program))) ? null : whatIsMissing);
    }

    /// <summary>The program's name.</summary>
    public string Program { get; }

    /// <summary>What to say where it is not.</summary>
    public string WhatIsMissing { get; }
}
