using System.Globalization;
using Xunit.Abstractions;

namespace VfsBlock.TestKit;

/// <summary>The seed of a random test: new on every run, or the one given by the environment variable VFSBLOCK_SEED.</summary>
public static class RandomSeed
{
    /// <summary>Picks the seed and prints it, so that a failure can be run again.</summary>
    public static int Take(ITestOutputHelper output)
    {
        ArgumentNullException.ThrowIfNull(output);
        string? given = Environment.GetEnvironmentVariable("VFSBLOCK_SEED");
        int seed = given is null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        output.WriteLine($"VFSBLOCK_SEED={seed}");

        // A test that takes the whole process down leaves no other trace.
        Console.WriteLine($"VFSBLOCK_SEED={seed}");
        return seed;
    }
}
