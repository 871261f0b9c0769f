namespace VfsBlock.Storage;

/// <summary>How an operation on a tree ended. Only <see cref="Ok"/> may have changed anything.</summary>
public enum TreeStatus
{
    /// <summary>Done.</summary>
    Ok,

    /// <summary>There is no such item.</summary>
    NotFound,

    /// <summary>A node that it needs is not in memory. Let the lock go, <see cref="INodeStore.Load"/> that node, and start again.</summary>
    Cold,

    /// <summary>A node is valid by itself and does not fit where its parent puts it: the image is damaged, the caller answers EIO.</summary>
    Damaged,
}
