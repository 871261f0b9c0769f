namespace VfsBlock.Storage;

/// <summary>
/// A tree lost a node in the middle of a change, or before it was sealed: nodes of a damaged image lie in one another's blocks. What was begun cannot be ended; the volume refuses to
/// change or commit anything from then on, and answers EIO. Never leaves the volume.
/// </summary>
internal sealed class TreeDamagedException(string message) : Exception(message);
