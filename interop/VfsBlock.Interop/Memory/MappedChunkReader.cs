namespace VfsBlock.Interop;

/// <summary>Receives one piece of a file from <see cref="MappedReader"/>.</summary>
/// <param name="chunk">The bytes; valid until the call returns.</param>
/// <param name="state">What the caller of the reader handed over.</param>
/// <returns>None to go on; anything else ends the reading and is reported.</returns>
public delegate Errno MappedChunkReader<in TState>(ReadOnlySpan<byte> chunk, TState state);
