namespace VfsBlock.Storage;

/// <summary>
/// The right to change a run of blocks, in memory, until it is released; the next commit makes the change durable. A commit does not begin while one
/// is out, so that no half change becomes durable. Dispose releases it; once is enough, more does nothing.
/// </summary>
/// <remarks>Any thread may use it; two leases on one block at a time are refused.</remarks>
public readonly unsafe struct BlockWriteLease : IDisposable
{
    private readonly BlockFile? _file;
    private readonly byte* _address;
    private readonly int _lengthBytes;
    private readonly int _slot;
    private readonly uint _generation;

    internal BlockWriteLease(BlockFile file, nint address, int lengthBytes, (int Slot, uint Generation) id)
    {
        _file = file;
        _address = (byte*)address;
        _lengthBytes = lengthBytes;
        (_slot, _generation) = id;
    }

    /// <summary>The blocks' bytes; not to be used after the release.</summary>
    /// <exception cref="ObjectDisposedException">It was released.</exception>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_file is null || !_file.IsLeased(_slot, _generation), typeof(BlockWriteLease));
            return new Span<byte>(_address, _lengthBytes);
        }
    }

    /// <summary>Releases it.</summary>
    public void Dispose() => _file?.EndLease(_slot, _generation);
}
