using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>What one round of a group commit does: cut what has gathered, wait for its data, write the batch, flush.</summary>
/// <remarks>Called by one thread at a time, without any lock of <see cref="GroupCommit"/>.</remarks>
public interface ICommitRound
{
    /// <summary>Makes everything that was appended before the call durable.</summary>
    /// <returns>What every waiter of the round is told. EIO is for ever; after any other error the next round tries again.</returns>
    Errno Run();
}
