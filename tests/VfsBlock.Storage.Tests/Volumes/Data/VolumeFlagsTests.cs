using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>What chattr(1) sets, and what it then forbids.</summary>
public class VolumeFlagsTests : IDisposable
{
    private const ulong Block = DataFixture.BlockBytes;

    private static readonly byte[] _bytes = DataFixture.Pattern(9000, 1);

    private readonly DataFixture _fixture;
    private readonly InodeNumber _file;

    public VolumeFlagsTests()
        : this(VolumeGround.Simulated)
    {
    }

    internal VolumeFlagsTests(VolumeGround ground)
    {
        _fixture = new DataFixture(ground: ground);
        _file = _fixture.Create("file");
        _fixture.Write(_file, 0, _bytes);
    }

    private Volume Volume => _fixture.Open;

    public void Dispose()
    {
        _fixture.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void SetFlags_WithProject_AreKept()
    {
        Assert.Equal(Errno.None, Volume.SetFlags(_file, InodeFlags.NoDump | InodeFlags.NoAccessTime, 77));
        _fixture.Crash();
        Assert.Equal((uint)(InodeFlags.NoDump | InodeFlags.NoAccessTime), _fixture.Attributes(_file).Flags);
        Assert.Equal(77U, _fixture.Attributes(_file).ProjectId);
        Assert.Equal(Errno.None, Volume.SetFlags(_file, InodeFlags.None));
        Assert.Equal((0U, 77U), (_fixture.Attributes(_file).Flags, _fixture.Attributes(_file).ProjectId));
        Assert.Equal(Errno.EINVAL, Volume.SetFlags(_file, (InodeFlags)(1 << 16)));
    }

    [Fact]
    public void SetFlags_NoDumpAndNoAccessTimeOfADirectory_AreTakenOver()
    {
        Assert.Equal(Errno.None, Volume.SetFlags(InodeNumber.Root, InodeFlags.NoDump | InodeFlags.NoAccessTime | InodeFlags.AppendOnly));
        Assert.Equal((uint)(InodeFlags.NoDump | InodeFlags.NoAccessTime), _fixture.Attributes(_fixture.Create("child")).Flags);
    }

    [Fact]
    public void RecordAccess_OfNoAccessTime_ChangesNothing()
    {
        Assert.Equal(Errno.None, Volume.SetFlags(_file, InodeFlags.NoAccessTime));
        InodeItem before = _fixture.Attributes(_file);
        Assert.Equal(Errno.None, Volume.RecordAccess(_file));
        Assert.Equal(before, _fixture.Attributes(_file));
    }

    [Fact]
    public void ImmutableFile_EveryChange_IsRefused()
    {
        InodeNumber source = _fixture.Create("source");
        _fixture.Write(source, 0, _bytes);
        Assert.Equal(Errno.None, Volume.SetFlags(_file, InodeFlags.Immutable));
        InodeItem before = _fixture.Attributes(_file);
        var touch = new AttributeChange { Fields = AttributeFields.ModifyTimeNow };
        Errno[] answers =
        [
            Volume.Write(_file, 9000, _bytes).Error,
            Volume.SetSize(_file, 10_000),
            Volume.Allocate(_file, 0, 20_000, keepsSize: true),
            Volume.PunchHole(_file, 0, Block),
            Volume.ZeroRange(_file, 0, Block, keepsSize: true),
            Volume.CollapseRange(_file, 0, Block),
            Volume.InsertRange(_file, 0, Block),
            Volume.CopyRange(source, 0, _file, 0, 2 * Block, out _),
            Volume.SetAttributes(_file, touch, out _),
            Volume.SetXattr(_file, "user.a"u8, "b"u8),
            Volume.RemoveXattr(_file, "user.a"u8),
            Volume.Link(_file, InodeNumber.Root, "link"u8, out _),
            Volume.Unlink(InodeNumber.Root, "file"u8),
            Volume.Rename(InodeNumber.Root, "file"u8, InodeNumber.Root, "other"u8),
            Volume.Rename(InodeNumber.Root, "source"u8, InodeNumber.Root, "file"u8),
            Volume.Rename(InodeNumber.Root, "source"u8, InodeNumber.Root, "file"u8, RenameFlags.Exchange),
        ];
        Assert.All(answers, answer => Assert.Equal(Errno.EPERM, answer));
        Assert.Equal(before, _fixture.Attributes(_file));
        _fixture.AssertContent(_file, _bytes);
        Assert.Equal(Errno.None, Volume.SetFlags(_file, InodeFlags.None));
        Assert.Equal(Errno.None, Volume.Unlink(InodeNumber.Root, "file"u8));
    }

    [Fact]
    public void AppendOnlyFile_Growing_IsAllowedAndNothingElse()
    {
        Assert.Equal(Errno.None, Volume.SetFlags(_file, InodeFlags.AppendOnly));
        var touch = new AttributeChange { Fields = AttributeFields.ModifyTimeNow };
        var mode = new AttributeChange { Fields = AttributeFields.Mode, Mode = 0x1FF };
        _fixture.Write(_file, 9000, _bytes);
        Assert.Equal(Errno.None, Volume.Allocate(_file, 0, 50_000, keepsSize: true));
        Assert.Equal(Errno.None, Volume.SetAttributes(_file, touch, out _));
        Errno[] answers =
        [
            Volume.Write(_file, 0, _bytes).Error,
            Volume.Write(_file, 17_999, _bytes).Error,
            Volume.SetSize(_file, 100),
            Volume.PunchHole(_file, 0, Block),
            Volume.ZeroRange(_file, 0, Block, keepsSize: true),
            Volume.CollapseRange(_file, 0, Block),
            Volume.SetAttributes(_file, mode, out _),
            Volume.Unlink(InodeNumber.Root, "file"u8),
            Volume.Link(_file, InodeNumber.Root, "link"u8, out _),
        ];
        Assert.All(answers, answer => Assert.Equal(Errno.EPERM, answer));
        _fixture.AssertContent(_file, [.. _bytes, .. _bytes]);
    }

    [Theory]
    [InlineData(InodeFlags.Immutable)]
    [InlineData(InodeFlags.AppendOnly)]
    public void MarkedDirectory_NamesInIt_OnlyComeIfItIsAppendOnly(InodeFlags flag)
    {
        Assert.Equal(Errno.None, Volume.MakeDirectory(InodeNumber.Root, "marked"u8, 0x1ED, default, out InodeEntry directory));
        Assert.Equal(Errno.None, Volume.Create(directory.Number, "there"u8, 0x1A4, default, out _));
        Assert.Equal(Errno.None, Volume.SetFlags(directory.Number, flag));
        Errno whenAdded = flag == InodeFlags.AppendOnly ? Errno.None : Errno.EPERM;
        Assert.Equal(whenAdded, Volume.Create(directory.Number, "new"u8, 0x1A4, default, out _));
        Assert.Equal(whenAdded, Volume.Symlink(directory.Number, "symlink"u8, "there"u8, default, out _));
        Assert.Equal(whenAdded, Volume.Link(_file, directory.Number, "link"u8, out _));
        Assert.Equal(whenAdded, Volume.TemporaryFile(directory.Number, 0x180, default, out _));
        Assert.Equal(whenAdded, Volume.Rename(InodeNumber.Root, "file"u8, directory.Number, "moved"u8));
        Assert.Equal(Errno.EPERM, Volume.Unlink(directory.Number, "there"u8));
        Assert.Equal(Errno.EPERM, Volume.Rename(directory.Number, "there"u8, InodeNumber.Root, "out"u8));
        Assert.Equal(Errno.EPERM, Volume.Rename(directory.Number, "there"u8, directory.Number, "renamed"u8));
        Assert.Equal(Errno.EPERM, Volume.RemoveDirectory(InodeNumber.Root, "marked"u8));
    }

    [Fact]
    public void GetStatistics_Inodes_FollowTheRoom()
    {
        VolumeStatistics before = Volume.GetStatistics();
        Assert.Equal(2UL, before.InodeCount);
        Assert.Equal(before.TotalInodes, before.FreeInodes + 2);
        Assert.InRange(before.AvailableInodes, 1UL, before.FreeInodes);
        _fixture.Write(_fixture.Create("more"), 0, DataFixture.Pattern(4_000_000, 2));
        VolumeStatistics after = Volume.GetStatistics();
        Assert.Equal(3UL, after.InodeCount);
        Assert.True(after.FreeInodes < before.FreeInodes);
    }

    [Fact]
    public void Attributes_BlocksRightAfterAWrite_AreCounted()
    {
        Assert.Equal(3UL, _fixture.Attributes(_file).BlockCount);
        _fixture.Write(_file, 100, _bytes);
        _fixture.Write(_file, 1_000_000, _bytes);
        Assert.Equal(6UL, _fixture.Attributes(_file).BlockCount);
        Assert.Equal(Errno.None, Volume.SetSize(_file, 5000));
        Assert.Equal(2UL, _fixture.Attributes(_file).BlockCount);
        _fixture.Crash();
        Assert.Equal(2UL, _fixture.Attributes(_file).BlockCount);
    }

    [Fact]
    public void SetLabel_OfAVolume_IsThereAfterOpening()
    {
        Assert.Equal(Errno.None, Volume.SetLabel("another"));
        _fixture.Reopen();
        Assert.Equal("another", Volume.Label);
    }
}
