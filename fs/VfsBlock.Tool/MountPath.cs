using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Tool;

/// <summary>What the user calls a mount point.</summary>
internal static class MountPath
{
    /// <summary>
    /// The absolute path of <paramref name="directory"/>, without links where it leads somewhere: behind a link ".." leads
    /// out of where the link points to, as in every system call, and not back to the link.
    /// </summary>
    public static string Absolute(string directory) =>
        MountPoint.Resolve(directory, out string resolved) == Errno.None ? resolved : Path.GetFullPath(directory);
}
