namespace VfsBlock.Interop;

/// <summary>Which <see cref="RwFlags"/> a file accepts, as its kernel and file system answered when asked.</summary>
/// <param name="Read">Accepted in reads; none if the file is not open for reading.</param>
/// <param name="Write">Accepted in writes; none if the file is not open for writing.</param>
public readonly record struct RwFlagSupport(RwFlags Read, RwFlags Write);
