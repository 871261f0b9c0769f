using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Leads a <see cref="TreeChecker"/> over an image: reads nodes, claims their blocks, hands the items on.</summary>
/// <remarks>One thread. A block is claimed once, so a walk reads no node twice, whatever the pointers say.</remarks>
internal sealed class CheckHost(IBlockDevice device, BlockOwners owners, FindingList? findings, Action? advance) : ITreeCheckHost
{
    private const int NodeBlocks = NodeFormat.SizeBytes / WriteChunk.BlockSizeBytes;

    private readonly IBlockDevice _device = device;
    private readonly BlockOwners _owners = owners;
    private readonly FindingList? _findings = findings;
    private readonly Action? _advance = advance;

    /// <summary>Takes an item.</summary>
    public delegate void ItemVisitor(in TreeItem item);

    /// <summary>What the items of the tree that is walked are given to.</summary>
    public ItemVisitor? Visitor { get; set; }

    /// <summary>Blocks that nodes, or what was taken for them, claimed.</summary>
    public long ClaimedBlockCount { get; private set; }

    /// <inheritdoc/>
    public Errno Read(BlockNumber block, Span<byte> node)
    {
        _advance?.Invoke();
        IoResult result = _device.Read(node, block.OffsetBytes(WriteChunk.BlockSizeBytes));
        return !result.Succeeded ? result.Error : result.Bytes == node.Length ? Errno.None : Errno.EIO;
    }

    /// <inheritdoc/>
    public bool TryClaim(BlockNumber block)
    {
        long before = _owners.ClaimedCount;
        ClaimResult result = _owners.Claim(block.Value, NodeBlocks);
        ClaimedBlockCount += _owners.ClaimedCount - before;
        return result == ClaimResult.Done;
    }

    /// <inheritdoc/>
    public void Visit(uint treeId, in TreeItem item) => Visitor?.Invoke(item);

    /// <inheritdoc/>
    public void Report(in TreeFinding finding) => _findings?.Add(finding);
}
