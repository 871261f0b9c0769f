using Xunit;

namespace VfsBlock.Storage.Tests.Volumes.Items;

public sealed class ItemTests
{
    [Fact]
    public void FileKey_Parts_ComeBack()
    {
        TreeKey key = FileKey.Of(new InodeNumber(77), ItemType.Dentry, FileKey.MaxSub);
        Assert.Equal(new InodeNumber(77), key.Inode());
        Assert.Equal(ItemType.Dentry, key.Type());
        Assert.Equal(FileKey.MaxSub, key.Sub());
    }

    [Fact]
    public void InodeItem_Written_LiesAsTheFormatSays()
    {
        InodeItem inode = Sound();
        byte[] bytes = InodeItem.BytesOf(ref inode).ToArray();
        Assert.Equal(112, bytes.Length);
        Assert.Equal(inode.Mode, BitConverter.ToUInt32(bytes, 0));
        Assert.Equal(inode.SizeBytes, BitConverter.ToUInt64(bytes, 16));
        Assert.Equal(-3, BitConverter.ToInt64(bytes, 32));
        Assert.Equal(inode.BirthTime.Seconds, BitConverter.ToInt64(bytes, 56));
        Assert.Equal(7U, BitConverter.ToUInt32(bytes, 64));
        Assert.Equal(inode.BirthTime.Nanoseconds, BitConverter.ToUInt32(bytes, 76));
        Assert.Equal(inode.Flags, BitConverter.ToUInt32(bytes, 80));
        Assert.Equal(inode.Device, BitConverter.ToUInt64(bytes, 88));
        Assert.Equal(inode.Generation, BitConverter.ToUInt64(bytes, 96));
    }

    [Fact]
    public void InodeItem_Read_IsWhatWasWritten()
    {
        InodeItem inode = Sound();
        Assert.True(InodeItem.TryRead(InodeItem.BytesOf(ref inode), out InodeItem read));
        Assert.Equal(inode, read);
    }

    [Theory]
    [InlineData(1, 0x30)] // no such type
    [InlineData(7, 0xFF)] // link count 2^32 - 1 and above
    [InlineData(23, 0x80)] // a negative size
    [InlineData(67, 0x80)] // nanoseconds of more than a second
    public void InodeItem_ImpossibleField_IsRefused(int offset, byte value)
    {
        InodeItem inode = Sound();
        inode.LinkCount = uint.MaxValue - 1;
        byte[] bytes = InodeItem.BytesOf(ref inode).ToArray();
        bytes[offset] = value;
        bytes[4] = 0xFF;
        Assert.False(InodeItem.TryRead(bytes, out _));
    }

    [Fact]
    public void InodeItem_WrongLength_IsRefused() => Assert.False(InodeItem.TryRead(new byte[111], out _));

    [Fact]
    public void DentryItem_Read_IsWhatWasWritten()
    {
        var dentry = new DentryItem(new InodeNumber(9), InodeType.Fifo, "pipe"u8);
        Assert.True(DentryItem.TryRead(dentry.Write(new byte[DentryItem.MaxBytes]), out DentryItem read));
        Assert.Equal(dentry.Child, read.Child);
        Assert.Equal(dentry.Type, read.Type);
        Assert.Equal("pipe"u8, read.Name);
    }

    [Theory]
    [InlineData(0, InodeType.Regular, "a")]
    [InlineData(1, InodeType.Unknown, "a")]
    [InlineData(1, (InodeType)3, "a")]
    [InlineData(1, InodeType.Regular, "")]
    [InlineData(1, InodeType.Regular, "a/b")]
    [InlineData(1, InodeType.Regular, "a\0b")]
    [InlineData(1, InodeType.Regular, ".")]
    [InlineData(1, InodeType.Regular, "..")]
    public void DentryItem_ImpossibleField_IsRefused(ulong child, InodeType type, string name)
    {
        byte[] bytes = new byte[DentryItem.MaxBytes];
        ReadOnlySpan<byte> item = new DentryItem(new InodeNumber(child), type, System.Text.Encoding.UTF8.GetBytes(name)).Write(bytes);
        Assert.False(DentryItem.TryRead(item, out _));
    }

    [Fact]
    public void DentryItem_NameOf256Bytes_IsRefused()
    {
        byte[] bytes = new byte[DentryItem.MaxBytes + 1];
        new DentryItem(new InodeNumber(5), InodeType.Regular, "a"u8).Write(bytes);
        bytes.AsSpan(DentryItem.NameOffset).Fill((byte)'a');
        Assert.False(DentryItem.TryRead(bytes, out _));
        Assert.True(DentryItem.TryRead(bytes.AsSpan(0, DentryItem.MaxBytes), out _));
    }

    [Fact]
    public void RefItem_Read_IsWhatWasWritten()
    {
        var reference = new RefItem(new InodeNumber(3), FileKey.MaxSub);
        Assert.True(RefItem.TryRead(reference.Write(new byte[16]), out RefItem read));
        Assert.Equal(reference, read);
        Assert.False(RefItem.TryRead(new RefItem(InodeNumber.None, 1).Write(new byte[16]), out _));
        Assert.False(RefItem.TryRead(new RefItem(InodeNumber.Root, FileKey.MaxSub + 1).Write(new byte[16]), out _));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1024, 0)]
    [InlineData(1025, 1)]
    [InlineData(65536, 32)]
    public void XattrItem_Read_IsWhatWasWritten(int valueBytes, int chunkCount)
    {
        byte[] value = new byte[valueBytes];
        Random.Shared.NextBytes(value);
        var xattr = new XattrItem("user.a"u8, valueBytes, chunkCount == 0 ? value : default);
        Assert.True(XattrItem.TryRead(xattr.Write(new byte[XattrItem.MaxBytes]), out XattrItem read));
        Assert.Equal("user.a"u8, read.Name);
        Assert.Equal(valueBytes, read.ValueBytes);
        Assert.Equal(chunkCount, read.ChunkCount);
        Assert.Equal(chunkCount == 0 ? value : [], read.Value.ToArray());
    }

    [Theory]
    [InlineData(0, 0)] // no name
    [InlineData(0, 200)] // a name longer than the item
    [InlineData(1, 1)] // a value that is in parts, and is not
    [InlineData(4, 9)] // a value longer than the item
    [InlineData(7, 1)] // a value longer than any
    public void XattrItem_ImpossibleField_IsRefused(int offset, byte value)
    {
        byte[] bytes = new XattrItem("user.a"u8, 3, "abc"u8).Write(new byte[XattrItem.MaxBytes]).ToArray();
        bytes[offset] = value;
        Assert.False(XattrItem.TryRead(bytes, out _));
    }

    [Fact]
    public void ExtentItem_Read_IsWhatWasWritten()
    {
        uint[] checksums = [1, 2, 3];
        var extent = new ExtentItem(new BlockNumber(70), 5, 3, ExtentFlags.MayBeShared, checksums);
        Assert.True(ExtentItem.TryRead(extent.Write(new byte[ExtentItem.MaxBytes]), out ExtentItem read));
        Assert.Equal(extent.Block, read.Block);
        Assert.Equal(5UL, read.Generation);
        Assert.Equal(ExtentFlags.MayBeShared, read.Flags);
        Assert.Equal(checksums, read.Checksums.ToArray());
    }

    [Theory]
    [InlineData(0, 0)] // block 0
    [InlineData(16, 0)] // no blocks
    [InlineData(17, 2)] // more blocks than checksums
    [InlineData(20, 1)] // unwritten, with checksums
    [InlineData(20, 4)] // compressed
    [InlineData(22, 2)] // fewer checksums than blocks
    public void ExtentItem_ImpossibleField_IsRefused(int offset, byte value)
    {
        byte[] bytes = new ExtentItem(new BlockNumber(70), 5, 3, ExtentFlags.None, [1, 2, 3]).Write(new byte[ExtentItem.MaxBytes]).ToArray();
        bytes[offset] = value;
        Assert.False(ExtentItem.TryRead(bytes, out _));
    }

    private static InodeItem Sound() => new()
    {
        Mode = 0x81A4,
        LinkCount = 1,
        UserId = 1000,
        GroupId = 100,
        SizeBytes = 1UL << 40,
        BlockCount = 17,
        AccessTime = new Timestamp(-3, 7),
        ModifyTime = new Timestamp(1L << 33, 999_999_999),
        ChangeTime = new Timestamp(5, 6),
        BirthTime = new Timestamp(4, 3),
        Flags = 4,
        Device = 0x0801,
        Generation = 12,
    };
}
