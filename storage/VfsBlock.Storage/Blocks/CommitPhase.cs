namespace VfsBlock.Storage;

/// <summary>How far a commit is.</summary>
internal enum CommitPhase
{
    /// <summary>None is in progress.</summary>
    Idle = 0,

    /// <summary>What it makes durable is fixed.</summary>
    Begun,

    /// <summary>It is durable.</summary>
    Written,
}
