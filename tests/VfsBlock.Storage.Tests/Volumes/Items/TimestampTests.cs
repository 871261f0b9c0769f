using Xunit;

namespace VfsBlock.Storage.Tests.Volumes.Items;

public sealed class TimestampTests
{
    [Fact]
    public void From_JustBefore1970_CountsNanosecondsForward() =>
        Assert.Equal(new Timestamp(-1, 999_999_900), Timestamp.From(DateTimeOffset.UnixEpoch.AddTicks(-1)));

    [Fact]
    public void From_After2038_KeepsTheSeconds() =>
        Assert.Equal(new Timestamp(1L << 32, 100), Timestamp.From(DateTimeOffset.FromUnixTimeSeconds(1L << 32).AddTicks(1)));

    [Fact]
    public void CompareTo_SameSecond_IsByNanoseconds() => Assert.True(new Timestamp(-5, 1) < new Timestamp(-5, 2));
}
