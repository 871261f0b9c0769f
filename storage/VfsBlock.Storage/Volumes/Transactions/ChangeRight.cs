namespace VfsBlock.Storage;

/// <summary>Which reserves a change may use where ordinary space is used up.</summary>
internal enum ChangeRight
{
    /// <summary>None.</summary>
    Ordinary,

    /// <summary>
    /// Nodes out of what is kept for changes that free space, so that a full image can be emptied; also for changes that leave the trees as large as they are, such as
    /// chmod(2): the nodes that these take come back with the next commit.
    /// </summary>
    Deleting,

    /// <summary>Those nodes, and room in the log that is kept for what must be done before anything can become durable.</summary>
    Urgent,
}
