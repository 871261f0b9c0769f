using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Interop.Tests;

public sealed class IoVecCursorTests(ITestOutputHelper output)
{
    private static readonly nuint Longest = nuint.MaxValue / 2;

    [Fact]
    public void Next_EmptyList_IsEmpty() => Assert.True(new IoVecCursor([]).Next().IsEmpty);

    [Fact]
    public void Next_ManyPieces_AreHandedOutByThe1024()
    {
        var pieces = new IoVec[2500];
        Array.Fill(pieces, new IoVec(1, 1));
        var cursor = new IoVecCursor(pieces);

        Assert.Equal(1024, cursor.Next().Length);
        cursor.Advance(1024);
        Assert.Equal(1024, cursor.Next().Length);
        cursor.Advance(1024);
        Assert.Equal(452, cursor.Next().Length);
    }

    [Fact]
    public void Next_EmptyPiecesInFront_AreSkippedSoThatACallHasBytes()
    {
        var pieces = new IoVec[3000];
        pieces[^1] = new IoVec(77, 5);

        ReadOnlySpan<IoVec> next = new IoVecCursor(pieces).Next();

        Assert.Equal(1, next.Length);
        Assert.Equal(77, next[0].Address);
    }

    [Fact]
    public void Advance_IntoThePieces_HandsOutTheRestOfOneAloneThenGoesOn()
    {
        IoVec[] pieces = [new(1000, 10), new(0, 0), new(2000, 20), new(3000, 30)];
        var cursor = new IoVecCursor(pieces);

        cursor.Advance(14);
        ReadOnlySpan<IoVec> rest = cursor.Next();
        Assert.Equal(1, rest.Length);
        Assert.Equal((2004, 16u), (rest[0].Address, rest[0].LengthBytes));

        cursor.Advance(16);
        Assert.Equal(3000, cursor.Next()[0].Address);
        Assert.Equal((2000, 20u), (pieces[2].Address, pieces[2].LengthBytes));
    }

    [Fact]
    public void Advance_RandomSteps_VisitEveryByteOnceAndInOrder()
    {
        var random = new Random(RandomSeed.Take(output));
        for (int round = 0; round < 200; round++)
        {
            var pieces = new IoVec[random.Next(1, 40)];
            var expected = new List<nint>();
            for (int index = 0; index < pieces.Length; index++)
            {
                int length = random.Next(0, 6);
                pieces[index] = new IoVec((index + 1) * 1000, (nuint)length);
                expected.AddRange(Enumerable.Range((index + 1) * 1000, length).Select(a => (nint)a));
            }

            var visited = new List<nint>();
            var cursor = new IoVecCursor(pieces);
            while (visited.Count < expected.Count)
            {
                List<nint> offered = [];
                foreach (IoVec vector in cursor.Next())
                {
                    offered.AddRange(Enumerable.Range((int)vector.Address, (int)vector.LengthBytes).Select(a => (nint)a));
                }

                Assert.NotEmpty(offered);
                int step = random.Next(1, offered.Count + 1);
                visited.AddRange(offered.Take(step));
                cursor.Advance(step);
            }

            Assert.Equal(expected, visited);
        }
    }

    [Fact]
    public void TrySum_SumAtTheLimit_IsTold()
    {
        Assert.True(IoVecCursor.TrySum([new(0, Longest - 1), new(0, 1)], out long total));
        Assert.Equal(long.MaxValue, total);
    }

    [Fact]
    public void TrySum_PieceOrSumBeyondTheLimit_IsRefused()
    {
        Assert.False(IoVecCursor.TrySum([new(0, Longest + 1)], out _));
        Assert.False(IoVecCursor.TrySum([new(0, nuint.MaxValue)], out _));
        Assert.False(IoVecCursor.TrySum([new(0, Longest), new(0, 1)], out _));
        Assert.False(IoVecCursor.TrySum([new(0, nuint.MaxValue), new(0, 1)], out _));
    }
}
