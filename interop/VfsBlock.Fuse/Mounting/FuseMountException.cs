using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>A mount that could not be made. The message names the mount point, the cause and the next step.</summary>
public sealed class FuseMountException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, why, and what to do.</param>
    /// <param name="error">The kernel's own word for it; EINVAL for options that make no sense.</param>
    public FuseMountException(string message, Errno error)
        : base(message) => Error = error;

    /// <summary>The error number behind the message.</summary>
    public Errno Error { get; }
}
