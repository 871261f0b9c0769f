namespace VfsBlock.Storage;

/// <summary>The at most two blocks at the edges of a write that had to be read first, and their bytes.</summary>
/// <remarks>Lives on the stack of the writing thread.</remarks>
/// <param name="bytes">Room for two blocks.</param>
internal ref struct EdgeBlocks(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;
    private EdgeBlock _first;
    private EdgeBlock _second;

    /// <summary>The block that a change could not go on without; none if it could.</summary>
    public EdgeBlock Missing { get; set; }

    /// <summary>The bytes of a block if they were read; otherwise notes that they are missing.</summary>
    public bool TryGet(scoped in EdgeBlock wanted, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (wanted == _first)
        {
            bytes = _bytes[..WriteChunk.BlockSizeBytes];
        }
        else if (wanted == _second)
        {
            bytes = _bytes[WriteChunk.BlockSizeBytes..];
        }
        else
        {
            Missing = wanted;
            return false;
        }

        return true;
    }

    /// <summary>Where the bytes of the missing block are to be read to. It counts as read from now on.</summary>
    public Span<byte> Receive()
    {
        EdgeBlock missing = Missing;
        Missing = EdgeBlock.None;

        // The two edges of one write are different blocks of the file; a block that moved takes its old place.
        if (_first.IsNone || _first.FileBlock == missing.FileBlock)
        {
            _first = missing;
            return _bytes[..WriteChunk.BlockSizeBytes];
        }

        _second = missing;
        return _bytes[WriteChunk.BlockSizeBytes..];
    }
}
