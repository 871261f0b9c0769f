namespace VfsBlock.Storage;

/// <summary>One block that a commit changed in place (FORMAT.md section 1.4).</summary>
/// <param name="Target">Where it belongs.</param>
/// <param name="Source">Where its copy is.</param>
/// <param name="Checksum">CRC32C of the copy.</param>
internal readonly record struct RedoEntry(ulong Target, ulong Source, uint Checksum);
