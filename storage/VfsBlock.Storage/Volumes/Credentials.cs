namespace VfsBlock.Storage;

/// <summary>Who makes a new inode, and so owns it.</summary>
/// <param name="UserId">The user.</param>
/// <param name="GroupId">The group, unless the directory gives its own to what is made in it (set-group-id).</param>
public readonly record struct Credentials(uint UserId, uint GroupId);
