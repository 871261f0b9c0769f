namespace VfsBlock.Storage;

/// <summary>How a step of the allocator ended; what needs I/O is done by the caller, without the lock, and then tried again.</summary>
internal enum AllocationOutcome
{
    Done = 0,

    /// <summary>A group's bitmap is not in memory.</summary>
    NeedsGroup,

    /// <summary>The image must become larger.</summary>
    NeedsGrowth,

    /// <summary>There is no room.</summary>
    NoSpace,

    /// <summary>The range cannot belong to anybody.</summary>
    Invalid,

    /// <summary>The blocks are not in use.</summary>
    NotInUse,

    /// <summary>The group's bitmap is damaged.</summary>
    Damaged,
}
