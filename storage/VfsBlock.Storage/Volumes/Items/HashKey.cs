namespace VfsBlock.Storage;

/// <summary>The secret of a volume's hashes, so that nobody can choose names that collide (FORMAT.md section 4.1).</summary>
/// <param name="Low">The first 8 bytes, little-endian.</param>
/// <param name="High">The last 8.</param>
public readonly record struct HashKey(ulong Low, ulong High);
