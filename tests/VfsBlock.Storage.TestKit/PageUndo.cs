namespace VfsBlock.Storage.TestKit;

/// <summary>How one change of a <see cref="PageStore"/> is taken back.</summary>
/// <param name="Index">Which page, or <see cref="SizeOnly"/>.</param>
/// <param name="Page">The store's own page before; null if it had none.</param>
/// <param name="SizeBytes">The size before.</param>
internal readonly record struct PageUndo(long Index, byte[]? Page, long SizeBytes)
{
    public const long SizeOnly = -1;
}
