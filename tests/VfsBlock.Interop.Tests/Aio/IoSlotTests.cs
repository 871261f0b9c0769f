using Microsoft.Win32.SafeHandles;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>How a request goes on after the kernel did a part of it.</summary>
public sealed unsafe class IoSlotTests : IDisposable
{
    private readonly ScratchFile _scratch = new(new byte[1000]);
    private readonly IoBufferPool _pool = new(100, 3);
    private readonly NativeBuffer _vectors = new(3 * sizeof(IoVec));
    private readonly IoSlot _slot;
    private readonly IoBufferLease[] _leases;

    public IoSlotTests()
    {
        _slot = new IoSlot(5, (IoVec*)_vectors.Address, 3);
        _leases = [_pool.Rent(), _pool.Rent(), _pool.Rent()];
    }

    private SafeFileHandle Handle => _scratch.File.Handle;

    public void Dispose()
    {
        _slot.Release();
        _vectors.Dispose();
        _pool.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData(1, 3, 0, 1)]
    [InlineData(100, 2, 1, 0)]
    [InlineData(150, 2, 1, 50)]
    [InlineData(200, 1, 2, 0)]
    [InlineData(299, 1, 2, 99)]
    public void Advance_PartOfAWrite_RestBeginsWhereItStopped(int doneBytes, int vectorCount, int bufferIndex, int offsetInBuffer)
    {
        FillWrite();
        nint start = _slot.RestVectors->Address;

        Assert.True(_slot.Advance(doneBytes));

        Assert.Equal(10 + doneBytes, _slot.RestOffsetBytes);
        Assert.Equal(vectorCount, _slot.RestVectorCount);
        Assert.Equal(start + (bufferIndex * 100) + offsetInBuffer, _slot.RestVectors->Address);
        Assert.Equal((nuint)(100 - offsetInBuffer), _slot.RestVectors->LengthBytes);
        Assert.False(_slot.Advance(300 - doneBytes));
        Assert.Equal(IoResult.Ok(300), _slot.Result);
    }

    [Fact]
    public void Advance_Interrupted_AsksAgain()
    {
        FillWrite();

        Assert.True(_slot.Advance(-(long)Errno.EINTR));
        Assert.Equal(3, _slot.RestVectorCount);
    }

    [Fact]
    public void Advance_ErrorAfterAPart_KeepsTheBytes()
    {
        FillWrite();
        _slot.Advance(150);

        Assert.False(_slot.Advance(-(long)Errno.EIO));
        Assert.Equal(new IoResult(150, Errno.EIO), _slot.Result);
    }

    [Fact]
    public void Advance_WriteOfNothing_IsAnErrorAndNotALoop()
    {
        FillWrite();

        Assert.False(_slot.Advance(0));
        Assert.Equal(IoResult.Fail(Errno.EIO), _slot.Result);
    }

    [Theory]
    [InlineData(RwFlags.NoWait)]
    [InlineData(RwFlags.Append)]
    [InlineData(RwFlags.Atomic)]
    public void Advance_FlagThatPromisesPerCall_IsNotSplit(RwFlags flags)
    {
        FillWrite(flags);

        Assert.False(_slot.Advance(150));
        Assert.Equal(IoResult.Ok(150), _slot.Result);
    }

    [Fact]
    public void Advance_ShortRead_GoesOnBeforeTheEndAndStopsAtIt()
    {
        _slot.Fill(IoRequest.ReadVectored(Handle, Slices(), 750, tag: 0));

        Assert.True(_slot.Advance(100));
        Assert.False(_slot.Advance(150));
        Assert.Equal(IoResult.Ok(250), _slot.Result);
    }

    /// <remarks>A number that no descriptor can have, so that statx(2) fails and no other test's file is touched.</remarks>
    [Theory]
    [InlineData(IoOperation.Write)]
    [InlineData(IoOperation.Read)]
    public void Advance_PartOfATransferAndNobodyKnowsTheFile_IsAnErrorAndNotAnEnd(IoOperation operation)
    {
        using var unknown = new SafeFileHandle(int.MaxValue, ownsHandle: false);
        _slot.Fill(operation == IoOperation.Write
            ? IoRequest.WriteVectored(unknown, Slices(), 10, tag: 0)
            : IoRequest.ReadVectored(unknown, Slices(), 10, tag: 0));

        Assert.False(_slot.Advance(150));
        Assert.Equal(new IoResult(150, Errno.EBADF), _slot.Result);
    }

    [Fact]
    public void Advance_MoreThanAskedFor_IsNotBelieved()
    {
        FillWrite();

        Assert.Throws<InvalidOperationException>(() => _slot.Advance(301));
    }

    [Fact]
    public void Fill_EveryTime_IsAnotherIdentityOfTheSameIndex()
    {
        FillWrite();
        ulong first = _slot.Identity;
        _slot.Release();
        FillWrite();

        Assert.NotEqual(first, _slot.Identity);
        Assert.Equal((5u, 5u), (IoSlot.IndexOf(first), IoSlot.IndexOf(_slot.Identity)));
    }

    private void FillWrite(RwFlags flags = RwFlags.None) =>
        _slot.Fill(IoRequest.WriteVectored(Handle, Slices(), 10, tag: 0, flags));

    private IoBufferSlice[] Slices() => [.. _leases.Select(lease => lease.All())];
}
