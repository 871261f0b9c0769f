namespace VfsBlock.Storage;

/// <summary>Judges a node's bytes.</summary>
internal delegate bool NodeCheck(ReadOnlySpan<byte> node);
