namespace VfsBlock.Interop;

/// <summary>What storage asks of an open file before it uses it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="SizeBytes">Its size; a block device's too.</param>
/// <param name="DirectAlignmentBytes">
/// What O_DIRECT wants of offsets, lengths and addresses; 0 if O_DIRECT is refused; null where the kernel (before 6.1) or the file system does not say.
/// </param>
public readonly record struct HostFileFacts(HostFileKind Kind, long SizeBytes, int? DirectAlignmentBytes);
