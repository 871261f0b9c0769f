namespace VfsBlock.Tool;

/// <summary>An extended attribute.</summary>
/// <param name="Name">Its name, with the namespace.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct TreeXattr(byte[] Name, byte[] Value);
