namespace VfsBlock.Storage;

/// <summary>Tells the wanted item from those that merely have its hash.</summary>
internal interface IItemMatch
{
    /// <summary>Whether it is this one; null if the value is damaged.</summary>
    bool? Matches(ReadOnlySpan<byte> value);
}
