using VfsBlock.Interop;
using VfsBlock.Storage.Tests.Checking;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>Blocks that several files have: who writes gets its own, and the last to go frees them.</summary>
public class VolumeSharingTests : IDisposable
{
    private const int BlockBytes = DataFixture.BlockBytes;

    private readonly DataFixture _fixture;

    public VolumeSharingTests()
        : this(VolumeGround.Simulated)
    {
    }

    internal VolumeSharingTests(VolumeGround ground) => _fixture = new DataFixture(ground: ground);

    private Volume Volume => _fixture.Open;

    public void Dispose()
    {
        _fixture.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void CopyRange_OfWholeBlocks_TakesNoSpace()
    {
        byte[] data = DataFixture.Pattern(100 * BlockBytes, 1);
        InodeNumber first = Written("first", data);
        InodeNumber second = _fixture.Create("second");
        Assert.Equal(Errno.None, Volume.CopyRange(first, 0, second, 0, ulong.MaxValue / 2, out ulong copied));
        Assert.Equal((ulong)data.Length, copied);
        Assert.Equal(100UL, _fixture.Settle().DataBlocks);
        Assert.Equal(100UL, _fixture.Attributes(second).BlockCount);
        _fixture.AssertContent(second, data);
    }

    [Fact]
    public void Write_IntoASharedBlock_LeavesTheOtherFile()
    {
        byte[] data = DataFixture.Pattern(10 * BlockBytes, 1);
        InodeNumber first = Written("first", data);
        InodeNumber second = _fixture.Create("second");
        Copy(first, 0, second, 0, data.Length);
        _fixture.Write(first, 5000, [1, 2, 3]);
        Assert.Equal(11UL, _fixture.Settle().DataBlocks);
        _fixture.AssertContent(second, data);
        _fixture.Reopen();
        _fixture.AssertContent(second, data);
    }

    /// <summary>Nobody makes four thousand million copies in a test: the count is written behind the volume's back.</summary>
    [Fact]
    public void CopyRange_OfBlocksWithAllReferencesThatCanBe_CopiesThem()
    {
        byte[] data = DataFixture.Pattern(10 * BlockBytes, 1);
        InodeNumber first = Written("first", data);
        InodeNumber second = _fixture.Create("second");
        Copy(first, 0, second, 0, data.Length);
        _fixture.Settle();
        SetReferenceCount(first, uint.MaxValue - 1);
        InodeNumber last = _fixture.Create("last");
        Copy(first, 0, last, 0, data.Length);
        Assert.Equal(10UL, _fixture.Settle().DataBlocks);
        InodeNumber beyond = _fixture.Create("beyond");
        var change = new ShareChange(Volume.Image.Data, first, 0, beyond, 0, 10);
        Assert.Equal(Errno.EMLINK, Volume.Core.Change(ref change));
        Copy(first, 0, beyond, 0, data.Length);
        Assert.Equal(20UL, _fixture.Settle().DataBlocks);
        _fixture.AssertContent(beyond, data);
        Assert.Equal(uint.MaxValue, ReferencesOf(first).ReferenceCount);
    }

    [Fact]
    public void Unlink_OfBlocksWithAllReferencesThatCanBe_CountsDown()
    {
        byte[] data = DataFixture.Pattern(10 * BlockBytes, 1);
        InodeNumber first = Written("first", data);
        InodeNumber second = _fixture.Create("second");
        Copy(first, 0, second, 0, data.Length);
        _fixture.Settle();
        SetReferenceCount(first, uint.MaxValue);
        _fixture.Unlink("second");
        Assert.Equal(uint.MaxValue - 1, ReferencesOf(first).ReferenceCount);
        _fixture.AssertContent(first, data);
    }

    [Fact]
    public void Unlink_OfOneFileAfterTheOther_FreesWithTheLast()
    {
        byte[] data = DataFixture.Pattern(200 * BlockBytes, 1);
        InodeNumber first = Written("first", data);
        InodeNumber second = _fixture.Create("second");
        InodeNumber third = _fixture.Create("third");
        Copy(first, 0, second, 0, data.Length);
        Copy(second, 50 * BlockBytes, third, 0, 100 * BlockBytes);
        _fixture.Unlink("first");
        Assert.Equal(200UL, _fixture.Settle().DataBlocks);
        _fixture.Unlink("second");
        Assert.Equal(100UL, _fixture.Settle().DataBlocks);
        _fixture.AssertContent(third, data.AsSpan(50 * BlockBytes, 100 * BlockBytes));
        _fixture.Unlink("third");
        Assert.Equal(0UL, _fixture.Settle().DataBlocks);
        Assert.True(Volume.Core.SharedExtents.Root.IsNone);
    }

    [Fact]
    public void CopyRange_InsideOneFileManyTimes_CountsEachUse()
    {
        byte[] data = DataFixture.Pattern(8 * BlockBytes, 1);
        InodeNumber file = Written("file", data);
        for (int copy = 1; copy < 20; copy++)
        {
            Copy(file, 0, file, copy * data.Length, data.Length);
        }

        Assert.Equal(8UL, _fixture.Settle().DataBlocks);
        Assert.Equal(Errno.None, Volume.PunchHole(file, 3 * BlockBytes, (ulong)(10 * data.Length)));
        Assert.Equal(Errno.None, Volume.SetSize(file, (ulong)data.Length));
        Assert.Equal(3UL, _fixture.Settle().DataBlocks);
        _fixture.AssertContent(file, [.. data[..(3 * BlockBytes)], .. new byte[5 * BlockBytes]]);
    }

    [Fact]
    public void CopyRange_Overlapping_IsInvalid()
    {
        InodeNumber file = Written("file", DataFixture.Pattern(8 * BlockBytes, 1));
        Assert.Equal(Errno.EINVAL, Volume.CopyRange(file, 0, file, 100, 101, out _));
        Assert.Equal(Errno.None, Volume.CopyRange(file, 0, file, 100, 100, out _));
        Assert.Equal(Errno.EFBIG, Volume.CopyRange(file, 0, file, InodeItem.MaxSizeBytes, 100, out _));
    }

    [Fact]
    public void CopyRange_ThenCrash_KeepsBoth()
    {
        byte[] data = DataFixture.Pattern((40 * BlockBytes) + 77, 1);
        InodeNumber first = Written("first", data);
        InodeNumber second = _fixture.Create("second");
        Copy(first, 0, second, 0, data.Length);
        _fixture.Unlink("first");
        using Volume crashed = _fixture.Crashed();
        DataFixture.AssertContent(crashed, second, data);
    }

    private InodeNumber Written(string name, byte[] data)
    {
        InodeNumber inode = _fixture.Create(name);
        _fixture.Write(inode, 0, data);
        return inode;
    }

    private void Copy(InodeNumber source, int from, InodeNumber target, int to, int length)
    {
        Assert.Equal(Errno.None, Volume.CopyRange(source, (ulong)from, target, (ulong)to, (ulong)length, out ulong copied));
        Assert.Equal((ulong)length, copied);
    }

    private SharedRunItem ReferencesOf(InodeNumber file)
    {
        BlockRun run = new VolumeEditor(Volume).FirstRun(file);
        Assert.Equal(TreeStatus.Ok, Volume.Core.SharedExtents.FindFloor(new TreeKey(run.First.Value, ulong.MaxValue), out TreeItem found, out _));
        Assert.True(SharedRunItem.TryRead(in found, out SharedRunItem item));
        return item;
    }

    private void SetReferenceCount(InodeNumber file, uint count)
    {
        SharedRunItem item = ReferencesOf(file) with { ReferenceCount = count };
        new VolumeEditor(Volume).Put(item.Key, item.Write(stackalloc byte[SharedRunItem.EncodedBytes]), Volume.Core.SharedExtents);
    }
}
