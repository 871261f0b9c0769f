namespace VfsBlock.Storage;

/// <summary>One thing that is wrong with a volume.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Text">For people: a sentence that names the thing, what was found and what should be there.</param>
public sealed record VolumeFinding(VolumeFindingKind Kind, string Text)
{
    /// <summary>The inode that it belongs to; none if it is nobody's.</summary>
    public InodeNumber Inode { get; init; }

    /// <summary>The first block concerned; none if it is not about blocks.</summary>
    public BlockNumber Block { get; init; }

    /// <summary>The item's key, if it is about an item.</summary>
    public TreeKey? Key { get; init; }

    /// <summary>The details of a <see cref="VolumeFindingKind.Structure"/>.</summary>
    public BlockFileFinding? Structure { get; init; }

    /// <summary>The details of a <see cref="VolumeFindingKind.Node"/>.</summary>
    public TreeFinding? Node { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Text}";
}
