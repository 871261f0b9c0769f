using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>An image, in memory unless told, that can be closed, dropped as in a crash of the process, and opened again.</summary>
internal sealed class BlockFileFixture : IDisposable
{
    private readonly IBlockDevice _ground;
    private readonly BlockFileOptions _options;

    public BlockFileFixture(MetadataAccess metadata = MetadataAccess.Auto, BlockFileFormat? format = null, BlockFileOptions? options = null, IBlockDevice? ground = null)
    {
        _ground = ground ?? new MemoryDevice(0);
        _options = (options ?? BlockFileOptions.Default) with { Metadata = metadata, Log = Lines.Add };
        Device = new KeptDevice(_ground);
        BlockFile.Format(Device, format ?? new BlockFileFormat());
        File = BlockFile.Open(Device, _options);
    }

    public KeptDevice Device { get; }

    public BlockFile File { get; private set; }

    public List<string> Lines { get; } = [];

    /// <summary>Opens the image again as after a kill of the process.</summary>
    public BlockFile Reopen(bool isReadOnly = false)
    {
        File.Dispose();
        return File = BlockFile.Open(Device, _options with { IsReadOnly = isReadOnly });
    }

    public BlockNumber Allocate(int blockCount = 1)
    {
        Assert.Equal(default, File.AllocateBlocks(blockCount, out BlockNumber first));
        return first;
    }

    /// <summary>Fills blocks with a value.</summary>
    public void Fill(BlockNumber first, int blockCount, byte value) =>
        Assert.Equal(default, File.DoEdit(first, blockCount, value, static (bytes, state) => bytes.Fill(state)));

    /// <summary>Asserts that every byte of the blocks has a value.</summary>
    public void AssertFilled(BlockNumber first, int blockCount, byte value) =>
        Assert.Equal(default, File.Do(first, blockCount, value, static (bytes, state) => Assert.Equal(-1, bytes.IndexOfAnyExcept(state))));

    public void Dispose()
    {
        File.Dispose();
        _ground.Dispose();
    }
}
