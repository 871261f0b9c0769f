using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Reads the blocks of extents and compares them with their checksums.</summary>
/// <remarks>Owns memory for the longest extent. One thread; it waits for the device.</remarks>
internal sealed class DataVerifier(IBlockDevice device, FindingList findings) : IDisposable
{
    private const int BlockSizeBytes = WriteChunk.BlockSizeBytes;

    private readonly IBlockDevice _device = device;
    private readonly FindingList _findings = findings;
    private readonly NativeBuffer _memory = new(ExtentItem.MaxWrittenBlocks * BlockSizeBytes);

    /// <summary>Blocks that were read and compared.</summary>
    public long BlockCount { get; private set; }

    /// <summary>Verifies an extent that is written and lies inside the image.</summary>
    /// <param name="inode">Whose it is.</param>
    /// <param name="fileBlock">The first block of the file that it covers.</param>
    /// <param name="extent">The extent.</param>
    /// <param name="sizeBytes">The file's size: what lies behind it in its last block must be zero.</param>
    public void Verify(InodeNumber inode, ulong fileBlock, scoped in ExtentItem extent, ulong sizeBytes)
    {
        Span<byte> bytes = _memory.Span[..(extent.BlockCount * BlockSizeBytes)];
        IoResult result = _device.Read(bytes, extent.Block.OffsetBytes(BlockSizeBytes));
        for (int index = 0; index < extent.BlockCount; index++)
        {
            BlockCount++;
            BlockNumber block = extent.Block.Plus((ulong)index);
            ReadOnlySpan<byte> content = bytes.Slice(index * BlockSizeBytes, BlockSizeBytes);
            bool isRead = result.Bytes >= (index + 1L) * BlockSizeBytes;
            if (!isRead || Crc32C.Compute(content) != extent.Checksums[index])
            {
                string fault = isRead ? "is not what was written" : "cannot be read";
                _findings.Add(VolumeFindingKind.Data, $"block {fileBlock + (ulong)index} of {inode}, {block}, {fault}", inode, block);
                continue;
            }

            if (sizeBytes / BlockSizeBytes == fileBlock + (ulong)index && content[(int)(sizeBytes % BlockSizeBytes)..].ContainsAnyExcept((byte)0))
            {
                _findings.Add(VolumeFindingKind.Tail, $"{inode} has {sizeBytes} bytes, and what lies behind them in {block} is not zero", inode, block);
            }
        }
    }

    public void Dispose() => _memory.Dispose();
}
