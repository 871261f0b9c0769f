using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The loop against kernels that no real file gives on demand.</summary>
public sealed class TransferLoopTests
{
    private const long Interrupted = -(long)Errno.EINTR;

    private static readonly IoVec[] Hundred = [new(1000, 60), new(2000, 40)];

    [Fact]
    public void Run_InterruptedCalls_AreMadeAgainAtTheSamePlace()
    {
        var kernel = new ScriptedKernel(Interrupted, 50, Interrupted, Interrupted, 50);

        Assert.Equal(IoResult.Ok(100), TransferLoop.Run(kernel.AsWrite, Hundred, 7, RwFlags.None));
        Assert.Equal([7L, 7, 57, 57, 57], kernel.Calls.Select(c => c.OffsetBytes));
    }

    [Fact]
    public void Run_ShortCounts_GoOnBehindThem()
    {
        var kernel = new ScriptedKernel(59, 1, 39, 1);

        Assert.Equal(IoResult.Ok(100), TransferLoop.Run(kernel.AsRead, Hundred, 0, RwFlags.None));
        Assert.Equal([(0L, 2, 100L), (59L, 1, 1L), (60L, 1, 40L), (99L, 1, 1L)], kernel.Calls);
    }

    [Fact]
    public void Run_OwnPosition_IsPassedToEveryCall()
    {
        var kernel = new ScriptedKernel(30, 30, 40);

        Assert.Equal(IoResult.Ok(100), TransferLoop.Run(kernel.AsRead, Hundred, TransferLoop.OwnPosition, RwFlags.None));
        Assert.All(kernel.Calls, c => Assert.Equal(TransferLoop.OwnPosition, c.OffsetBytes));
    }

    [Fact]
    [Trait("Id", "IO-05")]
    public void IO05_Run_ReadMovesNothing_IsTheEndAndNoError()
    {
        var kernel = new ScriptedKernel(70, 0);
        Assert.Equal(IoResult.Ok(70), TransferLoop.Run(kernel.AsRead, Hundred, 0, RwFlags.None));
    }

    [Fact]
    [Trait("Id", "IO-06")]
    public void IO06_Run_WriteMovesNothing_IsEIOWithTheBytesBeforeIt()
    {
        Assert.Equal(new IoResult(70, Errno.EIO), TransferLoop.Run(new ScriptedKernel(70, 0).AsWrite, Hundred, 0, RwFlags.None));
        Assert.Equal(IoResult.Fail(Errno.EIO), TransferLoop.Run(new ScriptedKernel(0).AsWrite, Hundred, 0, RwFlags.None));
    }

    [Fact]
    [Trait("Id", "IO-09")]
    public void IO09_Run_ErrorAfterGoodCalls_ComesWithTheirBytes()
    {
        var kernel = new ScriptedKernel(60, 10, -(long)Errno.ENOSPC);
        Assert.Equal(new IoResult(70, Errno.ENOSPC), TransferLoop.Run(kernel.AsWrite, Hundred, 0, RwFlags.None));
    }

    [Theory]
    [Trait("Id", "IO-10")]
    [InlineData(RwFlags.Atomic)]
    [InlineData(RwFlags.NoWait)]
    [InlineData(RwFlags.Append)]
    [InlineData(RwFlags.Append | RwFlags.DataSync)]
    public void IO10_Run_WriteThatNeedsTwoCallsUnderAPerCallFlag_IsRefusedBeforeAnyCall(RwFlags flags)
    {
        var kernel = new ScriptedKernel();
        var manyPieces = new IoVec[1025];
        Array.Fill(manyPieces, new IoVec(1000, 1));
        IoVec[] manyBytes = [new(1000, (nuint)TransferLoop.MaxBytesPerCall), new(1000, 1)];

        Assert.Equal(IoResult.Fail(Errno.EINVAL), TransferLoop.Run(kernel.AsWrite, manyPieces, 0, flags));
        Assert.Equal(IoResult.Fail(Errno.EINVAL), TransferLoop.Run(kernel.AsWrite, manyBytes, 0, flags));
        Assert.Empty(kernel.Calls);
    }

    [Theory]
    [Trait("Id", "IO-10")]
    [InlineData(RwFlags.Atomic, Errno.EIO)]
    [InlineData(RwFlags.Append, Errno.EIO)]
    [InlineData(RwFlags.NoWait, Errno.EAGAIN)]
    [InlineData(RwFlags.NoWait | RwFlags.Append, Errno.EAGAIN)]
    public void IO10_Run_ShortWriteUnderAPerCallFlag_IsNotContinued(RwFlags flags, Errno error)
    {
        var kernel = new ScriptedKernel(Interrupted, 70);

        Assert.Equal(new IoResult(70, error), TransferLoop.Run(kernel.AsWrite, Hundred, 0, flags));
        Assert.Equal(2, kernel.Calls.Count);
    }

    [Fact]
    [Trait("Id", "IO-10")]
    public void IO10_Run_ReadUnderNoWait_IsOneCall()
    {
        var manyPieces = new IoVec[1025];
        Array.Fill(manyPieces, new IoVec(1000, 1));

        Assert.Equal(IoResult.Fail(Errno.EINVAL), TransferLoop.Run(new ScriptedKernel().AsRead, manyPieces, 0, RwFlags.NoWait));
        Assert.Equal(new IoResult(70, Errno.EAGAIN), TransferLoop.Run(new ScriptedKernel(70).AsRead, Hundred, 0, RwFlags.NoWait));
        Assert.Equal(IoResult.Ok(0), TransferLoop.Run(new ScriptedKernel(0).AsRead, Hundred, 0, RwFlags.NoWait));
    }

    [Theory]
    [Trait("Id", "IO-10")]
    [InlineData(RwFlags.DataSync)]
    [InlineData(RwFlags.Sync)]
    [InlineData(RwFlags.DontCache)]
    [InlineData(RwFlags.HighPriority)]
    [InlineData(RwFlags.NoAppend)]
    public void IO10_Run_FlagsThatHoldForEveryPart_MaySplit(RwFlags flags)
    {
        var kernel = new ScriptedKernel(1024, 1);
        var pieces = new IoVec[1025];
        Array.Fill(pieces, new IoVec(1000, 1));

        Assert.Equal(IoResult.Ok(1025), TransferLoop.Run(kernel.AsWrite, pieces, 0, flags));
    }

    [Fact]
    public void Run_NothingToMove_MakesNoCall()
    {
        Assert.Equal(IoResult.Ok(0), TransferLoop.Run(new ScriptedKernel().AsWrite, [], 0, RwFlags.None));
        Assert.Equal(IoResult.Ok(0), TransferLoop.Run(new ScriptedKernel().AsWrite, new IoVec[2000], 5, RwFlags.None));
    }

    [Fact]
    public void Run_EmptyPiecesByTheThousand_AreNotTakenForTheEnd()
    {
        var pieces = new IoVec[3000];
        pieces[0] = new IoVec(1000, 3);
        pieces[^1] = new IoVec(2000, 4);
        var kernel = new ScriptedKernel(3, 4);

        Assert.Equal(IoResult.Ok(7), TransferLoop.Run(kernel.AsWrite, pieces, 0, RwFlags.None));
        Assert.Equal([(0L, 1024, 3L), (3L, 1, 4L)], kernel.Calls);
    }

    [Fact]
    public void Run_EndBeyondTheLargestOffset_IsEINVALBeforeAnyCall()
    {
        IoVec[] huge = [new(0, nuint.MaxValue / 2), new(0, nuint.MaxValue / 2)];

        Assert.Equal(IoResult.Fail(Errno.EINVAL), TransferLoop.Run(new ScriptedKernel().AsWrite, Hundred, long.MaxValue - 99, RwFlags.None));
        Assert.Equal(IoResult.Fail(Errno.EINVAL), TransferLoop.Run(new ScriptedKernel().AsWrite, huge, 0, RwFlags.None));
        Assert.Equal(IoResult.Ok(100), TransferLoop.Run(new ScriptedKernel(100).AsWrite, Hundred, long.MaxValue - 100, RwFlags.None));
    }

    [Fact]
    public void Run_KernelClaimsMoreThanItWasGiven_IsEIOAndNotBelieved() => Assert.Equal(
        new IoResult(60, Errno.EIO),
        TransferLoop.Run(new ScriptedKernel(60, 41).AsRead, Hundred, 0, RwFlags.None));

    [Fact]
    public void MaxBytesPerCall_ThisPageSize_IsTheKernels() =>
        Assert.Equal(int.MaxValue - Environment.SystemPageSize + 1L, TransferLoop.MaxBytesPerCall);
}
