using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>Which names a request may carry. The kernel keeps to these rules, save for the length (up to 4095 bytes).</summary>
internal static class FuseNameRules
{
    /// <summary>Takes a NUL-terminated string off the front of a request's body.</summary>
    /// <param name="body">The body; what follows the NUL when done.</param>
    /// <param name="text">The string, without its NUL.</param>
    /// <returns>False if there is no NUL.</returns>
    public static bool TryTakeText(scoped ref ReadOnlySpan<byte> body, out ReadOnlySpan<byte> text)
    {
        int length = body.IndexOf((byte)0);
        if (length < 0)
        {
            text = default;
            return false;
        }

        text = body[..length];
        body = body[(length + 1)..];
        return true;
    }

    /// <summary>Checks a name in a directory; EINVAL for an empty one, one with a slash, "." and "..".</summary>
    public static Errno CheckName(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) ? Errno.EINVAL : CheckLookupName(name);

    /// <summary>Checks a name to look up, which may be "." or ".." (EXPORT_SUPPORT).</summary>
    public static Errno CheckLookupName(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? Errno.EINVAL
        : name.Length > FuseProtocol.MaxNameBytes ? Errno.ENAMETOOLONG
        : name.Contains((byte)'/') ? Errno.EINVAL
        : Errno.None;

    /// <summary>Checks the target of a symbolic link (symlink(2)).</summary>
    public static Errno CheckTarget(ReadOnlySpan<byte> target) =>
        target.IsEmpty ? Errno.ENOENT
        : target.Length > FuseProtocol.MaxLinkTargetBytes ? Errno.ENAMETOOLONG
        : Errno.None;

    /// <summary>Checks the name of an extended attribute; ERANGE as setxattr(2) has it.</summary>
    public static Errno CheckXattrName(ReadOnlySpan<byte> name) =>
        name.IsEmpty || name.Length > FuseProtocol.MaxNameBytes ? Errno.ERANGE : Errno.None;
}
