using VfsBlock.Fuse;

namespace VfsBlock.MemoryFileSystem;

/// <summary>
/// What a change of a file takes away from it, so that nobody rewrites a program that runs with another's rights. The
/// kernel leaves this to the server since HANDLE_KILLPRIV_V2 was agreed on (fuse.h).
/// </summary>
internal static class PrivilegeRules
{
    private static ReadOnlySpan<byte> CapabilityXattr => "security.capability"u8;

    /// <summary>
    /// Clears the set-id bits after a write or a truncation: set-user-id always; set-group-id if the group may execute
    /// the file, or if the caller is not of its group.
    /// </summary>
    public static void ClearForContent(ref FuseAttr attributes, FuseRequest request)
    {
        bool losesGroup = (attributes.Mode & ModeBits.GroupExecute) != 0 || request.GroupId != attributes.Gid;
        Clear(ref attributes, losesGroup);
    }

    /// <summary>Clears the set-id bits after chown(2): set-group-id only where the group may execute the file.</summary>
    public static void ClearForOwner(ref FuseAttr attributes) =>
        Clear(ref attributes, (attributes.Mode & ModeBits.GroupExecute) != 0);

    /// <summary>Removes the file's capabilities, which no change of content or owner survives. The inode's lock is held.</summary>
    public static void RemoveCapabilities(Inode inode) => inode.Xattrs?.Remove(CapabilityXattr);

    private static void Clear(ref FuseAttr attributes, bool losesGroup) =>
        attributes.Mode &= ~(ModeBits.SetUserId | (losesGroup ? ModeBits.SetGroupId : 0));
}
