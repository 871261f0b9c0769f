namespace VfsBlock.Storage;

/// <summary>
/// The right to look at a run of blocks. It keeps their memory where it is; it keeps nobody from growing the image, allocating or committing.
/// Dispose releases it; once is enough, more does nothing.
/// </summary>
/// <remarks>
/// Any thread may use it. What it shows: the blocks as they were when it was taken, and changes that are made to them through write leases before
/// the next commit; not the changes of later generations.
/// </remarks>
public readonly unsafe struct BlockReadLease : IDisposable
{
    private readonly BlockFile? _file;
    private readonly byte* _address;
    private readonly int _lengthBytes;
    private readonly int _slot;
    private readonly uint _generation;

    internal BlockReadLease(BlockFile file, nint address, int lengthBytes, (int Slot, uint Generation) id)
    {
        _file = file;
        _address = (byte*)address;
        _lengthBytes = lengthBytes;
        (_slot, _generation) = id;
    }

    /// <summary>The blocks' bytes; not to be used after the release.</summary>
    /// <exception cref="ObjectDisposedException">It was released.</exception>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_file is null || !_file.IsLeased(_slot, _generation), typeof(BlockReadLease));
            return new ReadOnlySpan<byte>(_address, _lengthBytes);
        }
    }

    /// <summary>Releases it.</summary>
    public void Dispose() => _file?.EndLease(_slot, _generation);
}
