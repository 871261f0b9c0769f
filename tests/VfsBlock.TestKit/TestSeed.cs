using System.Globalization;
using Xunit.Abstractions;

namespace VfsBlock.TestKit;

/// <summary>The seed of a random test: from the environment variable VFSBLOCK_SEED, or a new one.</summary>
public static class TestSeed
{
    private const string Variable = "VFSBLOCK_SEED";

    /// <summary>Gives the seed and says how to come back to it.</summary>
    /// <remarks>Also on standard output: a test that takes the whole process down leaves no other trace.</remarks>
    public static int Take(ITestOutputHelper output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int seed = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out int given)
            ? given
            : Random.Shared.Next();
        string message = string.Create(CultureInfo.InvariantCulture, $"random test: {Variable}={seed} repeats it");
        output.WriteLine(message);
        Console.WriteLine(message);
        return seed;
    }
}
