using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>Which exit code a failure gets.</summary>
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

    /// <summary>The code for an image that could not be made or opened.</summary>
    public static ExitCode For(StorageErrorKind kind) => kind switch
    {
        StorageErrorKind.Invalid => ExitCode.Usage,
        StorageErrorKind.Io => ExitCode.Failed,
        _ => ExitCode.BadImage,
    };
}
