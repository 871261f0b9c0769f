namespace VfsBlock.Bench;

/// <summary>The bench cannot go on; the message says what failed and what to do about it.</summary>
internal sealed class BenchException(string message) : Exception(message);
