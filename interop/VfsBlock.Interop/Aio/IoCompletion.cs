namespace VfsBlock.Interop;

/// <summary>How one <see cref="IoRequest"/> ended.</summary>
/// <param name="Tag">The request's tag.</param>
/// <param name="Result">Bytes moved and the error that stopped it. Fewer bytes than asked without an error: the file ended.</param>
public readonly record struct IoCompletion(ulong Tag, IoResult Result);
