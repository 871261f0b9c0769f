namespace VfsBlock.Storage;

/// <summary>Which reserves a change may use where ordinary space is used up.</summary>
internal enum ChangeRight
{
    /// <summary>None.</summary>
    Ordinary,

    /// <summary>Nodes out of what is kept for changes that free space, so that a full image can be emptied.</summary>
    Deleting,

    /// <summary>Those nodes, and room in the log that is kept for what must be done before anything can become durable.</summary>
    Urgent,
}
