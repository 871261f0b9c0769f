using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.MemoryFileSystem.Tests;

/// <summary>Sparse file data against a plain array and a set of page numbers.</summary>
public sealed class FileDataTests(ITestOutputHelper output) : IDisposable
{
    private const int PageBytes = PagePool.PageBytes;
    private readonly PagePool _pool = new(capacityPages: 1024);

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Read_Hole_GivesZeros()
    {
        var data = new FileData(_pool);
        byte[] bytes = Filled(10_000, 7);
        data.Read(123_456_789, bytes);
        Assert.All(bytes, value => Assert.Equal(0, value));
        Assert.Equal(0, data.PageCount);
    }

    [Fact]
    public void Write_AtTheHighestOffset_IsReadBack()
    {
        var data = new FileData(_pool);
        Assert.Equal(3, data.Write(long.MaxValue - 3, [1, 2, 3]));
        byte[] bytes = new byte[3];
        data.Read(long.MaxValue - 3, bytes);
        Assert.Equal<byte>([1, 2, 3], bytes);
        Assert.Equal(1, data.PageCount);
    }

    [Fact]
    public void Write_PoolExhausted_WritesWhatFits()
    {
        using var pool = new PagePool(capacityPages: 2);
        var data = new FileData(pool);
        Assert.Equal((2 * PageBytes) - 100, data.Write(100, Filled(3 * PageBytes, 1)));
        Assert.Equal(0, pool.FreePages);
        data.Clear();
        Assert.Equal(2, pool.FreePages);
    }

    [Fact]
    public void TryAllocate_MoreThanThePoolHas_TakesNothing()
    {
        using var pool = new PagePool(capacityPages: 4);
        var data = new FileData(pool);
        data.Write(0, [1]);
        Assert.False(data.TryAllocate(0, long.MaxValue));
        Assert.Equal(3, pool.FreePages);
        Assert.True(data.TryAllocate(1, 4 * PageBytes));
        Assert.Equal(0, pool.FreePages);
    }

    [Fact]
    public void NextHole_RunOfFullChunks_IsItsEnd()
    {
        var data = new FileData(_pool);
        data.Write(0, Filled(3 * PageChunk.PageCount * PageBytes, 1));
        Assert.Equal(3 * PageChunk.PageCount * PageBytes, data.NextHole(5));
        Assert.Equal(-1, data.NextData(3 * PageChunk.PageCount * PageBytes));
    }

    [Fact]
    public void NextHole_BehindTheLastPageThereCanBe_IsTheLargestOffset()
    {
        var data = new FileData(_pool);
        data.Write(long.MaxValue - 3, [1, 2, 3]);
        Assert.Equal(long.MaxValue, data.NextHole(long.MaxValue - 3));
        Assert.Equal(long.MaxValue - 4095, data.NextData(5));
    }

    [Fact]
    public void AnyOperations_AtRandom_MatchAModel()
    {
        const int ModelPages = 3 * PageChunk.PageCount;
        const int ModelBytes = ModelPages * PageBytes;
        int seed = RandomSeed.Take(output);
        var random = new Random(seed);
        var data = new FileData(_pool);
        byte[] model = new byte[ModelBytes];
        var pages = new HashSet<int>();
        byte[] buffer = new byte[ModelBytes];
        for (int step = 0; step < 3000; step++)
        {
            int start = random.Next(ModelBytes);
            int length = random.Next(1, Math.Min(ModelBytes - start, random.Next(2) == 0 ? 3 * PageBytes : ModelBytes) + 1);
            int end = start + length;
            switch (random.Next(6))
            {
                case 0 or 1:
                    random.NextBytes(buffer.AsSpan(0, length));
                    Assert.Equal(length, data.Write(start, buffer.AsSpan(0, length)));
                    buffer.AsSpan(0, length).CopyTo(model.AsSpan(start));
                    pages.UnionWith(Enumerable.Range(start / PageBytes, ((end - 1) / PageBytes) - (start / PageBytes) + 1));
                    break;
                case 2:
                    data.PunchHole(start, end);
                    model.AsSpan(start, length).Clear();
                    pages.RemoveWhere(page => (long)page * PageBytes >= start && (page + 1) * PageBytes <= end);
                    break;
                case 3:
                    data.ZeroPages(start, end);
                    model.AsSpan(start, length).Clear();
                    break;
                case 4:
                    Assert.True(data.TryAllocate(start, end));
                    pages.UnionWith(Enumerable.Range(start / PageBytes, ((end - 1) / PageBytes) - (start / PageBytes) + 1));
                    break;
                default:
                    int target = random.Next(ModelBytes - length + 1);
                    if (Math.Abs(target - start) >= length)
                    {
                        Assert.Equal(length, data.CopyFrom(data, start, target, length));
                        model.AsSpan(start, length).CopyTo(model.AsSpan(target));
                        pages.Clear();
                        pages.UnionWith(PagesOf(data, ModelPages));
                    }

                    break;
            }

            data.Read(start, buffer.AsSpan(0, length));
            Assert.True(buffer.AsSpan(0, length).SequenceEqual(model.AsSpan(start, length)), $"step {step} of seed {seed}: bytes differ");
            Assert.True(pages.SetEquals(PagesOf(data, ModelPages)), $"step {step} of seed {seed}: pages differ");
            Assert.True(pages.Count == data.PageCount, $"step {step} of seed {seed}: page count");
        }

        data.Read(0, buffer);
        Assert.True(buffer.AsSpan().SequenceEqual(model), $"the end of seed {seed}: bytes differ");
        data.Clear();
        Assert.Equal(_pool.CapacityPages, _pool.FreePages);
    }

    /// <summary>The pages that exist, as SEEK_DATA and SEEK_HOLE tell.</summary>
    private static IEnumerable<int> PagesOf(FileData data, int pageCount)
    {
        long at = 0;
        while ((at = data.NextData(at)) >= 0)
        {
            long end = data.NextHole(at);
            Assert.InRange(end, at + 1, (long)pageCount * PageBytes);
            for (; at < end; at += PageBytes)
            {
                yield return (int)(at / PageBytes);
            }
        }
    }

    private static byte[] Filled(int length, byte value)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
