namespace VfsBlock.Storage;

/// <summary>One thing that is wrong with an image's fixed structures.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="OffsetBytes">Where in the image.</param>
/// <param name="Text">For people: the structure, what was found, what should be there.</param>
public sealed record BlockFileFinding(BlockFileFindingKind Kind, long OffsetBytes, string Text);
