using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>BF-23: each damage is found by name.</summary>
public sealed class BlockFileCheckerTests : IDisposable
{
    private static readonly ImageLayout Layout = new(4096);
    private readonly BlockFileFixture _image = new();

    public BlockFileCheckerTests()
    {
        BlockNumber block = _image.Allocate(5);
        Assert.Equal(Errno.None, _image.File.Sync());
        _image.Fill(block, 5, 2);
        Assert.Equal(Errno.None, _image.File.Sync());
        _image.File.Dispose();
    }

    [Fact]
    [Trait("Demand", "BF-23")]
    public void Check_WholeImage_FindsNothing() => Assert.Empty(BlockFileChecker.Check(_image.Device));

    [Theory]
    [Trait("Demand", "BF-23")]
    [InlineData(100, BlockFileFindingKind.Superblock)]
    [InlineData(ImageLayout.SuperblockCopyOffsetBytes + 100, BlockFileFindingKind.SuperblockCopy)]
    public void Check_FlippedByte_IsFound(long offsetBytes, BlockFileFindingKind expected)
    {
        Flip(offsetBytes);
        Assert.Contains(BlockFileChecker.Check(_image.Device), finding => finding.Kind == expected);
    }

    [Fact]
    [Trait("Demand", "BF-23")]
    public void Check_SuperblockCopyOfAnotherLabel_IsFound()
    {
        Change(ImageLayout.SuperblockCopyOffsetBytes, page =>
        {
            page[56] = (byte)'x';
            StructureChecksum.Seal(page, 8);
        });
        AssertFound(BlockFileFindingKind.SuperblockCopy);
    }

    [Fact]
    [Trait("Demand", "BF-23")]
    public void Check_DescriptorPage_IsFound()
    {
        Flip(Layout.DescriptorOffsetBytes(0, Newest().Pages[0].Slot) + 9);
        AssertFound(BlockFileFindingKind.DescriptorPage);
    }

    [Fact]
    [Trait("Demand", "BF-23")]
    public void Check_Bitmap_IsFound()
    {
        Flip(Layout.BitmapOffsetBytes(0, Slot()) + 40);
        AssertFound(BlockFileFindingKind.Bitmap);
    }

    [Fact]
    [Trait("Demand", "BF-23")]
    public void Check_NewestRoot_IsFound()
    {
        Flip(RootRing.OffsetBytes(Newest().Generation) + 60);
        AssertFound(BlockFileFindingKind.Root);
    }

    [Fact]
    [Trait("Demand", "BF-23")]
    public void Check_RootThatDoesNotFollow_IsFound()
    {
        ChangeRoot(root => root.PreviousChecksum ^= 1);
        AssertFound(BlockFileFindingKind.RootChain);
    }

    [Fact]
    [Trait("Demand", "BF-23")]
    public void Check_FreeCount_IsFound()
    {
        ChangeRoot(root => root.FreeBlocks--);
        AssertFound(BlockFileFindingKind.FreeCount);
    }

    [Fact]
    [Trait("Demand", "BF-23")]
    public void Check_RedoList_IsFound()
    {
        Assert.NotEqual(0u, Newest().RedoCount);
        Flip(Newest().RedoFirst.OffsetBytes(4096) + 30);
        AssertFound(BlockFileFindingKind.RedoList);
    }

    [Fact]
    [Trait("Demand", "BF-23")]
    public void Check_RootLargerThanTheDevice_IsFound()
    {
        ChangeRoot(root => root.SizeBlocks += 1);
        AssertFound(BlockFileFindingKind.Truncated);
    }

    [Theory]
    [Trait("Demand", "BF-23")]
    [InlineData(0, BlockFileFindingKind.ReservedBlock)]
    [InlineData(18, BlockFileFindingKind.GroupFreeCount)]
    public void Check_BitmapWithRightChecksum_IsFound(int bit, BlockFileFindingKind expected)
    {
        int slot = Slot();
        uint checksum = 0;
        Change(Layout.BitmapOffsetBytes(0, slot), bytes => bytes[bit / 8] ^= (byte)(1 << (bit % 8)));
        var bitmap = new byte[ImageLayout.BitmapBytes];
        _image.Device.Read(bitmap, Layout.BitmapOffsetBytes(0, slot));
        checksum = Crc32C.Compute(bitmap);
        Change(Layout.DescriptorOffsetBytes(0, Newest().Pages[0].Slot), page => BitConverter.TryWriteBytes(page, checksum));
        var descriptors = new byte[4096];
        _image.Device.Read(descriptors, Layout.DescriptorOffsetBytes(0, Newest().Pages[0].Slot));
        ChangeRoot(root => root.Pages[0] = root.Pages[0] with { Checksum = Crc32C.Compute(descriptors) });
        AssertFound(expected);
    }

    public void Dispose() => _image.Dispose();

    private void AssertFound(BlockFileFindingKind expected)
    {
        IReadOnlyList<BlockFileFinding> findings = BlockFileChecker.Check(_image.Device);
        Assert.Contains(findings, finding => finding.Kind == expected);
    }

    private RootRecord Newest() => RootRing.Read(_image.Device, _image.File.Id, Layout)[0];

    private int Slot() => ImageOpener.ReadDescriptors(_image.Device, Layout, Newest())![0].Slot;

    private void ChangeRoot(Action<RootRecord> change)
    {
        RootRecord root = Newest();
        change(root);
        using var buffer = new NativeBuffer(RootRecord.SizeBytes);
        Assert.Equal(Errno.None, RootRing.Write(_image.Device, root, buffer));
    }

    private void Flip(long offsetBytes) => Change(offsetBytes / 4096 * 4096, bytes => bytes[(int)(offsetBytes % 4096)] ^= 1);

    private void Change(long offsetBytes, SpanChange change)
    {
        using var buffer = new NativeBuffer(4096);
        _image.Device.Read(buffer.Span, offsetBytes);
        change(buffer.Span);
        Assert.Equal(Errno.None, _image.Device.Write(buffer.Span, offsetBytes).Error);
    }

    private delegate void SpanChange(Span<byte> bytes);
}
