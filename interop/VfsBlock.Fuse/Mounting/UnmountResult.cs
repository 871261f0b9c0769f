using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>The answer to an attempt to unmount.</summary>
/// <param name="Outcome">What became of the mount.</param>
/// <param name="Error">Why it was refused, or <see cref="Errno.None"/>.</param>
/// <param name="Detail">What fusermount3 said about it; empty otherwise.</param>
public readonly record struct UnmountResult(UnmountOutcome Outcome, Errno Error, string Detail)
{
    /// <summary>Whether our mount is out of the directory tree.</summary>
    public bool IsGone => Outcome is UnmountOutcome.Unmounted or UnmountOutcome.Detached or UnmountOutcome.AlreadyGone;
}
