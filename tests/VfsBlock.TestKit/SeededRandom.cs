using System.Globalization;

namespace VfsBlock.TestKit;

/// <summary>Random numbers that a failed test can be run again with.</summary>
public static class SeededRandom
{
    private const string Variable = "VFSBLOCK_SEED";

    /// <summary>A generator seeded from the environment variable VFSBLOCK_SEED, or anew each time.</summary>
    /// <param name="seed">How to get the same numbers again; put it into the test's failure message.</param>
    public static Random Create(out string seed)
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        int value = given is null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        seed = string.Create(CultureInfo.InvariantCulture, $"{Variable}={value}");
        return new Random(value);
    }
}
