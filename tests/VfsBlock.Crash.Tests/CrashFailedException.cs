namespace VfsBlock.Storage.Tests;

/// <summary>A crash image is not what it must be.</summary>
internal sealed class CrashFailedException(string message, Exception? inner = null) : Exception(message, inner);
