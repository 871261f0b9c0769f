using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>Gives an inode to another user; between its two halves it starts threads, and goes on when each has ended or waits for something.</summary>
internal struct ChangeAfterLoads(InodeNumber inode, Thread[] threads) : IVolumeChange
{
    public const uint UserId = 4711;

    private InodeItem _before;

    public bool Prepare(ref VolumeTransaction transaction) => transaction.View.FindInode(inode, out _before) && transaction.WillUpdate(inode);

    public readonly void Apply(ref VolumeTransaction transaction)
    {
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        Func<Thread, bool> hasSettled = static thread => (thread.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0;
        Thread[] started = threads;
        Assert.True(SpinWait.SpinUntil(() => started.All(hasSettled), TimeSpan.FromMinutes(2)), "the threads never came to a stand");
        InodeItem after = _before;
        after.UserId = UserId;
        transaction.Update(inode, _before, after);
    }
}
