using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>BF-21: random operations against a dictionary.</summary>
public sealed class BlockFileModelTests(ITestOutputHelper output)
{
    [Theory]
    [Trait("Demand", "BF-21")]
    [InlineData(MetadataAccess.Mapped, 4096, 100_000)]
    [InlineData(MetadataAccess.Pread, 4096, 100_000)]
    [InlineData(MetadataAccess.Mapped, 65536, 8_000)]
    public void Operations_AtRandom_MatchTheModel(MetadataAccess metadata, int blockSizeBytes, int operationCount)
    {
        var random = new Random(RandomSeed.Take(output));
        var format = new BlockFileFormat { BlockSizeBytes = blockSizeBytes, SizeLimitBytes = 3000L * blockSizeBytes };
        using var image = new BlockFileFixture(metadata, format, new BlockFileOptions { FrameMemoryBytes = 4 << 20 });
        var model = new BlockFileModel(image, random);
        for (int operation = 0; operation < operationCount; operation++)
        {
            model.Step();
        }

        model.AssertAll();
        output.WriteLine($"{operationCount} operations: {model}");
        Assert.True(model.IsWorthwhile, $"the run did not reach everything: {model}");
    }
}
