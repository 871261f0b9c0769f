namespace VfsBlock.Tool;

/// <summary>Where a tree comes from.</summary>
internal interface ITreeSource
{
    /// <summary>Gives its entries: a directory before what is in it, a file before further names of it. What cannot be read is told to the report and left out.</summary>
    IEnumerable<TreeEntry> Read();
}
