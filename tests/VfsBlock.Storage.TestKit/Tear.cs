namespace VfsBlock.Storage.TestKit;

/// <summary>How a power cut tore one write.</summary>
/// <param name="Index">Which of the writes since the last flush.</param>
/// <param name="CutBytes">Where, from the write's beginning; a multiple of 512.</param>
/// <param name="KeepsHead">True if what lies before the cut arrived, false if what lies behind it did.</param>
/// <param name="Fill">What the rest holds.</param>
internal sealed record Tear(int Index, int CutBytes, bool KeepsHead, TornFill Fill);
