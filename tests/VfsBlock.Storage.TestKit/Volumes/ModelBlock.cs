namespace VfsBlock.Storage.TestKit;

/// <summary>A block of a file of a <see cref="ModelVolume"/> that takes space. Files that share a block have the same.</summary>
/// <param name="Id">Which it is.</param>
/// <param name="IsUnwritten">True if it was set aside and reads as zeros.</param>
public readonly record struct ModelBlock(long Id, bool IsUnwritten)
{
    private static long _lastId;

    /// <summary>One that no other file has.</summary>
    public static ModelBlock Make(bool isUnwritten = false) => new(Interlocked.Increment(ref _lastId), isUnwritten);
}
