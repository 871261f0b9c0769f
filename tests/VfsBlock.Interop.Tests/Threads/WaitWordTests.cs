using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Threads that wait for a number to change.</summary>
public sealed class WaitWordTests
{
    [Fact]
    public void WaitWhile_AnotherValue_ReturnsAtOnce()
    {
        var word = new WaitWord();
        Assert.Equal(0, word.Value);
        Assert.Equal(0, word.WaitWhile(1));
        word.Set(7);
        Assert.Equal(7, word.WaitWhile(0));
    }

    [Fact]
    public async Task Set_SeveralThreadsWait_WakesThemAll()
    {
        var word = new WaitWord();
        Task<int>[] waiters = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () => word.WaitWhile(0), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Assert.All(waiters, waiter => Assert.False(waiter.IsCompleted));
        word.Set(3);
        Assert.All(await Task.WhenAll(waiters).WaitAsync(TimeSpan.FromMinutes(2)), value => Assert.Equal(3, value));
    }

    /// <summary>A wake that is lost leaves both threads waiting for ever.</summary>
    [Fact]
    public async Task Set_TwoThreadsInTurns_LosesNoWake()
    {
        const int turns = 20_000;
        var ping = new WaitWord();
        var pong = new WaitWord();
        Task other = Task.Factory.StartNew(
            () =>
            {
                for (int turn = 0; turn < turns; turn++)
                {
                    ping.WaitWhile(turn);
                    pong.Set(turn + 1);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Task own = Task.Factory.StartNew(
            () =>
            {
                for (int turn = 0; turn < turns; turn++)
                {
                    ping.Set(turn + 1);
                    pong.WaitWhile(turn);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await Task.WhenAll(own, other).WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(turns, pong.Value);
    }
}
