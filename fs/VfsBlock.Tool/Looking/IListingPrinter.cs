using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>Prints the lines of a listing; disposing it ends the listing.</summary>
internal interface IListingPrinter : IDisposable
{
    /// <summary>Prints one entry.</summary>
    void Print(ReadOnlySpan<byte> path, in InodeEntry entry);
}
