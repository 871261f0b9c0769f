using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Reading a whole file piece by piece.</summary>
public sealed class MappedReaderTests
{
    private const int Page = 4096;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4095, 20000)]
    [InlineData(4096, 16384)]
    [InlineData(4097, 20000)]
    [InlineData(20000, 20000)]
    [InlineData(MappedReader.DefaultChunkBytes, 20000)]
    public void ReadAll_AnyChunkSize_GivesTheFileInOrder(int chunkBytes, int lengthBytes)
    {
        using TestFile file = new(lengthBytes);
        using MemoryStream all = new();
        IoResult result = MappedReader.ReadAll(file.Handle, all, Collect, chunkBytes);
        Assert.Equal(IoResult.Ok(lengthBytes), result);
        Assert.Equal(file.Content, all.ToArray());
        Assert.Equal(0, file.MappingCount);
    }

    [Fact]
    public void ReadAll_EmptyFile_CallsNobody()
    {
        using TestFile file = new(0);
        Assert.Equal(IoResult.Ok(0), MappedReader.ReadAll(file.Handle, 0, (_, _) => Errno.EIO));
    }

    [Theory]
    [InlineData(Errno.EIO)]
    [InlineData(Errno.ENXIO)]
    [InlineData(Errno.EINTR)]
    public void ReadAll_ReaderFails_StopsThereWithItsError(Errno error)
    {
        using TestFile file = new(10 * Page);
        int[] calls = [0];
        IoResult result = MappedReader.ReadAll(file.Handle, calls, (_, count) => ++count[0] == 3 ? error : Errno.None, Page);
        Assert.Equal(new IoResult(2 * Page, error), result);
        Assert.Equal(3, calls[0]);
        Assert.Equal(0, file.MappingCount);
    }

    [Fact]
    public void ReadAll_ReaderThrows_PassesItThroughAndLeaksNothing()
    {
        using TestFile file = new(10 * Page);
        Assert.Throws<FormatException>(
            () => MappedReader.ReadAll(file.Handle, 0, (_, _) => throw new FormatException(), Page));
        Assert.Equal(0, file.MappingCount);
    }

    [Fact]
    public void ReadAll_FileGrowsMeanwhile_ReadsWhatWasAppended()
    {
        using TestFile file = new(Page + 10);
        using MemoryStream all = new();
        IoResult result = MappedReader.ReadAll(file.Handle, (file, all), (chunk, state) =>
        {
            if (state.all.Length == 0)
            {
                RandomAccess.Write(state.file.Handle, "appended"u8, Page + 10);
            }

            return Collect(chunk, state.all);
        });
        Assert.Equal(IoResult.Ok(Page + 18), result);
        Assert.Equal("appended"u8.ToArray(), all.ToArray()[^8..]);
    }

    [Fact]
    public void ReadAll_FileCutShortBetweenPieces_EndsAtItsNewEnd()
    {
        using TestFile file = new(10 * Page);
        using MemoryStream all = new();
        IoResult result = MappedReader.ReadAll(
            file.Handle,
            (file, all),
            (chunk, state) =>
            {
                Errno error = Collect(chunk, state.all);
                state.file.Truncate((2 * Page) + 5);
                return error;
            },
            Page);
        Assert.Equal(IoResult.Ok((2 * Page) + 5), result);
        Assert.Equal(file.Content[..((2 * Page) + 5)], all.ToArray());
    }

    [Fact]
    public void ReadAll_NotAFile_IsAnErrorValue()
    {
        using var device = File.OpenHandle("/dev/null");
        Assert.Equal(IoResult.Fail(Errno.ENODEV), MappedReader.ReadAll(device, 0, (_, _) => Errno.None));
    }

    private static Errno Collect(ReadOnlySpan<byte> chunk, MemoryStream all)
    {
        all.Write(chunk);
        return Errno.None;
    }
}
