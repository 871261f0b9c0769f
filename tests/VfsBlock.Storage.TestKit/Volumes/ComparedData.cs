namespace VfsBlock.Storage.TestKit;

/// <summary>How much of the data of files <see cref="ModelComparison"/> looks at.</summary>
public enum ComparedData
{
    /// <summary>Nothing: the volume has names only.</summary>
    None,

    /// <summary>Bytes and sizes. How many blocks a file takes is not settled before a sync.</summary>
    Bytes,

    /// <summary>Everything.</summary>
    BytesAndBlocks,
}
