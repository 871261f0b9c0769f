using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>Something about this machine or the mount point that stands against a mount.</summary>
/// <param name="IsFatal">Whether the mount would fail; otherwise it is a warning.</param>
/// <param name="Error">The error number that fits.</param>
/// <param name="Message">The cause, and what to do about it.</param>
public sealed record MountProblem(bool IsFatal, Errno Error, string Message);
