using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

public sealed class VolumeAttributesTests : IDisposable
{
    private readonly VolumeFixture _fixture = new();
    private readonly InodeNumber _file;

    public VolumeAttributesTests() => _file = _fixture.Create("file");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void SetAttributes_Mode_KeepsTypeAndSetsChangeTime()
    {
        Timestamp now = _fixture.Clock.Advance();
        InodeItem after = Set(new AttributeChange { Fields = AttributeFields.Mode, Mode = 0x4000 | 0xFED });
        Assert.Equal((0x8FEDU, now), (after.Mode, after.ChangeTime));
        Assert.Equal(after.BirthTime, after.ModifyTime);
        Assert.Equal(after, _fixture.Attributes(_file));
    }

    [Fact]
    public void SetAttributes_Owner_ChangesOnlyWhatIsGiven()
    {
        InodeItem after = Set(new AttributeChange { Fields = AttributeFields.UserId, UserId = 5, GroupId = 6 });
        Assert.Equal((5U, VolumeFixture.User.GroupId), (after.UserId, after.GroupId));
        after = Set(new AttributeChange { Fields = AttributeFields.GroupId, UserId = 8, GroupId = 6 });
        Assert.Equal((5U, 6U), (after.UserId, after.GroupId));
    }

    [Theory]
    [InlineData(long.MinValue, 0U)]
    [InlineData(-1L, 999_999_999U)]
    [InlineData(4_294_967_296L, 1U)]
    [InlineData(long.MaxValue, 999_999_999U)]
    public void SetAttributes_Times_AreKeptToTheNanosecond(long seconds, uint nanoseconds)
    {
        var time = new Timestamp(seconds, nanoseconds);
        Timestamp now = _fixture.Clock.Advance();
        Set(new AttributeChange { Fields = AttributeFields.AccessTime | AttributeFields.ModifyTime, AccessTime = time, ModifyTime = time });
        _fixture.Restart();
        InodeItem after = _fixture.Attributes(_file);
        Assert.Equal((time, time, now), (after.AccessTime, after.ModifyTime, after.ChangeTime));
    }

    [Fact]
    public void SetAttributes_NowAndOmitted_AreThat()
    {
        Timestamp made = _fixture.Clock.Now;
        Timestamp now = _fixture.Clock.Advance();
        InodeItem after = Set(new AttributeChange { Fields = AttributeFields.ModifyTimeNow });
        Assert.Equal((made, now, now), (after.AccessTime, after.ModifyTime, after.ChangeTime));
        after = Set(new AttributeChange { Fields = AttributeFields.ChangeTime, ChangeTime = made });
        Assert.Equal((made, now, made), (after.AccessTime, after.ModifyTime, after.ChangeTime));
    }

    [Fact]
    public void SetAttributes_Nothing_ChangesNothing()
    {
        InodeItem before = _fixture.Attributes(_file);
        _fixture.Clock.Advance();
        Assert.Equal(before, Set(default));
    }

    [Fact]
    public void SetAttributes_ImpossibleTime_IsRefused() =>
        Assert.Equal(Errno.EINVAL, _fixture.Volume.SetAttributes(
            _file, new AttributeChange { Fields = AttributeFields.AccessTime, AccessTime = new Timestamp(0, 1_000_000_000) }, out _));

    [Theory]
    [InlineData(0xDEDU, 100U, 0x1EDU)] // Executable by the group: both go.
    [InlineData(0xDE4U, 100U, 0x5E4U)] // Not executable, the caller is of the group: set-group-id stays.
    [InlineData(0xDE4U, 101U, 0x1E4U)] // Not executable, the caller is of another.
    public void SetAttributes_ClearSetIdForContent_FollowsTheRules(uint mode, uint callerGroup, uint left)
    {
        Set(new AttributeChange { Fields = AttributeFields.Mode, Mode = mode });
        InodeItem after = Set(new AttributeChange { Fields = AttributeFields.ClearSetId, CallerGroupId = callerGroup });
        Assert.Equal(0x8000U | left, after.Mode);
    }

    [Fact]
    public void SetAttributes_ClearSetIdForOwner_KeepsSetGroupIdOfWhatIsNotExecutable()
    {
        Set(new AttributeChange { Fields = AttributeFields.Mode, Mode = 0xDE4 });
        InodeItem after = Set(new AttributeChange { Fields = AttributeFields.ClearSetId | AttributeFields.UserId, UserId = 9, CallerGroupId = 101 });
        Assert.Equal(0x85E4U, after.Mode);
    }

    [Fact]
    public void RecordAccess_ByTheRuleOfRelatime_WritesSeldom()
    {
        Timestamp first = _fixture.Clock.Advance();
        Assert.Equal(Errno.None, _fixture.Volume.RecordAccess(_file));
        Assert.Equal(first, _fixture.Attributes(_file).AccessTime);
        _fixture.Clock.Advance();
        _fixture.Volume.RecordAccess(_file);
        Assert.Equal(first, _fixture.Attributes(_file).AccessTime);
        Timestamp nextDay = _fixture.Clock.Advance(TimeSpan.TicksPerDay);
        _fixture.Volume.RecordAccess(_file);
        Assert.Equal(nextDay, _fixture.Attributes(_file).AccessTime);
        Assert.Equal(_fixture.Attributes(_file).BirthTime, _fixture.Attributes(_file).ChangeTime);
    }

    private InodeItem Set(in AttributeChange change)
    {
        Assert.Equal(Errno.None, _fixture.Volume.SetAttributes(_file, change, out InodeItem after));
        return after;
    }
}
