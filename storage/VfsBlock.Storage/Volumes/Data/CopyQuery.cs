namespace VfsBlock.Storage;

/// <summary>What there is to copy from one file to another.</summary>
/// <param name="source">Where from: a regular file.</param>
/// <param name="target">Where to: a regular file.</param>
internal struct CopyQuery(InodeNumber source, InodeNumber target) : IVolumeQuery
{
    private readonly InodeNumber _source = source;
    private readonly InodeNumber _target = target;
    private bool _isInline;

    /// <summary>Bytes of the source.</summary>
    public ulong SourceSizeBytes { get; private set; }

    /// <summary>True if they are in its own item.</summary>
    public readonly bool IsSourceInline => _isInline;

    /// <inheritdoc/>
    public bool Run(ref VolumeView view)
    {
        if (!FileData.FindRegular(ref view, _source, out InodeItem source) || !FileData.FindRegular(ref view, _target, out _))
        {
            return false;
        }

        SourceSizeBytes = source.SizeBytes;
        return FileData.FindInline(ref view, _source, in source, out _isInline);
    }
}
