namespace VfsBlock.Tool;

/// <summary>A path as <c>vfsblock cp</c> takes it.</summary>
/// <param name="Image">The image that it is in; null for the host.</param>
/// <param name="Path">The path.</param>
internal readonly record struct ImageAddress(string? Image, string Path)
{
    /// <summary>Reads <c>IMAGE:/PATH</c>, or a path of the host.</summary>
    public static ImageAddress Parse(string word)
    {
        int colon = word.IndexOf(":/", StringComparison.Ordinal);
        return colon <= 0 ? new ImageAddress(null, word) : new ImageAddress(word[..colon], word[(colon + 1)..]);
    }
}
