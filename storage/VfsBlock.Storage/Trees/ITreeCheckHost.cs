using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>What <see cref="TreeChecker"/> needs from whoever checks an image.</summary>
public interface ITreeCheckHost
{
    /// <summary>Reads a node's bytes from the device. Nothing about them is checked yet.</summary>
    Errno Read(BlockNumber block, Span<byte> node);

    /// <summary>
    /// Takes note that the blocks of a node are in use. False if they were taken before or lie outside the image: then the node is not
    /// looked at, which also bounds the work by the size of the image.
    /// </summary>
    bool TryClaim(BlockNumber block);

    /// <summary>An item of a sound node.</summary>
    void Visit(uint treeId, in TreeItem item);

    /// <summary>Something is wrong. The checker goes on beside it.</summary>
    void Report(in TreeFinding finding);
}
