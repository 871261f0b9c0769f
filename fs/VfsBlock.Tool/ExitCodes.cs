using VfsBlock.Interop;

namespace VfsBlock.Tool;

/// <summary>Which exit code a failed mount gets.</summary>
internal static class ExitCodes
{
    /// <summary>The code for a mount on <paramref name="directory"/> that failed with <paramref name="error"/>.</summary>
    public static ExitCode For(Errno error, string directory) => error switch
    {
        Errno.EINVAL => ExitCode.Usage,
        Errno.ENODEV or Errno.EACCES => ExitCode.Missing,
        Errno.ENOENT => Directory.Exists(directory) ? ExitCode.Missing : ExitCode.BadMountPoint,
        Errno.ENOTDIR or Errno.EBUSY or Errno.ENOTCONN or Errno.ENAMETOOLONG or Errno.ELOOP => ExitCode.BadMountPoint,
        _ => ExitCode.Failed,
    };
}
