namespace VfsBlock.Storage;

/// <summary>Who makes a new inode, and so owns it.</summary>
/// <param name="UserId">The user.</param>
/// <param name="GroupId">The group, unless the directory gives its own to what is made in it (set-group-id).</param>
public readonly record struct Credentials(uint UserId, uint GroupId)
{
    /// <summary>Permissions that a new inode does not get, unless the directory has a default access control list (umask(2)). 0 if they were taken off already.</summary>
    public uint Umask { get; init; }
}
