using System.Buffers.Binary;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Log;

public class LogRecordTests(ITestOutputHelper output)
{
    private static readonly TreeKey _key = new(7, 0xF000_0000_0000_0009);

    [Fact]
    public void Records_OfEveryKind_ComeBack()
    {
        using var writer = new LogRecordWriter(1024);
        writer.Put(LogTree.File, _key, [1, 2, 3]);
        writer.Delete(LogTree.SharedExtents, _key);
        writer.Patch(LogTree.System, _key, 3000, [4, 5]);
        writer.Allocate(new BlockNumber(10), 3);
        writer.Free(new BlockNumber(20), uint.MaxValue);
        writer.Data(new BlockNumber(30), [0xAABBCCDD, 1]);
        writer.NextInode(99);

        var reader = new LogRecordReader(writer.Records, writer.RecordCount);

        Assert.Equal(LogStatus.Ok, reader.TryRead(out LogRecord put));
        Assert.Equal((LogRecordKind.Put, LogTree.File, _key), (put.Kind, put.Tree, put.Key));
        Assert.Equal([1, 2, 3], put.Value.ToArray());
        Assert.Equal(LogStatus.Ok, reader.TryRead(out LogRecord delete));
        Assert.Equal((LogRecordKind.Delete, LogTree.SharedExtents, _key), (delete.Kind, delete.Tree, delete.Key));
        Assert.Equal(LogStatus.Ok, reader.TryRead(out LogRecord patch));
        Assert.Equal((LogRecordKind.Patch, LogTree.System, _key, 3000), (patch.Kind, patch.Tree, patch.Key, patch.OffsetBytes));
        Assert.Equal([4, 5], patch.Value.ToArray());
        Assert.Equal(LogStatus.Ok, reader.TryRead(out LogRecord allocate));
        Assert.Equal((LogRecordKind.Allocate, 10UL, 3U), (allocate.Kind, allocate.Block.Value, allocate.BlockCount));
        Assert.Equal(LogStatus.Ok, reader.TryRead(out LogRecord free));
        Assert.Equal((LogRecordKind.Free, 20UL, uint.MaxValue), (free.Kind, free.Block.Value, free.BlockCount));
        Assert.Equal(LogStatus.Ok, reader.TryRead(out LogRecord data));
        Assert.Equal((LogRecordKind.Data, 30UL, 2U), (data.Kind, data.Block.Value, data.BlockCount));
        Assert.Equal((0xAABBCCDDU, 1U), (data.Checksum(0), data.Checksum(1)));
        Assert.Equal(LogStatus.Ok, reader.TryRead(out LogRecord next));
        Assert.Equal((LogRecordKind.NextInode, 99UL), (next.Kind, next.NextInode));
        Assert.Equal(LogStatus.End, reader.TryRead(out _));
    }

    [Theory]
    [InlineData(LogRecordKind.Put, 19)]
    [InlineData(LogRecordKind.Put, 3)]
    [InlineData(LogRecordKind.Put, 0)]
    [InlineData(LogRecordKind.Put, 20 + 3073)]
    [InlineData(LogRecordKind.Put, 65535)]
    [InlineData(LogRecordKind.Delete, 21)]
    [InlineData(LogRecordKind.Patch, 21)]
    [InlineData(LogRecordKind.Patch, 22)]
    [InlineData(LogRecordKind.Allocate, 15)]
    [InlineData(LogRecordKind.Allocate, 20)]
    [InlineData(LogRecordKind.Data, 16)]
    [InlineData(LogRecordKind.NextInode, 11)]
    [InlineData(LogRecordKind.NextInode, 13)]
    [InlineData((LogRecordKind)0, 4)]
    [InlineData((LogRecordKind)8, 20)]
    public void TryRead_WrongLength_IsDamaged(LogRecordKind kind, int lengthBytes)
    {
        byte[] bytes = new byte[4000];
        bytes.AsSpan().Fill(1);
        bytes[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)lengthBytes);

        Assert.Equal(LogStatus.Damaged, First(bytes, 1));
    }

    [Fact]
    public void TryRead_CountAndBytesDisagree_IsDamaged()
    {
        using var writer = new LogRecordWriter(64);
        writer.NextInode(1);

        Assert.Equal(LogStatus.Damaged, First(writer.Records, 0));
        Assert.Equal(LogStatus.Damaged, First([], 1));
        Assert.Equal(LogStatus.Damaged, First(writer.Records[..3], 1));
    }

    [Fact]
    public void TryRead_BlockZeroOrTooLarge_IsDamaged()
    {
        using var writer = new LogRecordWriter(64);
        writer.Allocate(new BlockNumber(1), 1);
        byte[] bytes = writer.Records.ToArray();

        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(4), 0);
        Assert.Equal(LogStatus.Damaged, First(bytes, 1));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(4), LogFormat.BlockLimit);
        Assert.Equal(LogStatus.Damaged, First(bytes, 1));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(4), 5);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), 0);
        Assert.Equal(LogStatus.Damaged, First(bytes, 1));
    }

    [Fact]
    public void TryRead_RandomBytes_EndsWithoutReadingOutside()
    {
        var random = new Random(RandomSeed.Take(output));
        int damagedCount = 0;
        for (int round = 0; round < 20_000; round++)
        {
            using var writer = new LogRecordWriter(256);
            writer.Put(LogTree.File, _key, new byte[random.Next(30)]);
            writer.Data(new BlockNumber(9), [1, 2, 3]);
            writer.Patch(LogTree.File, _key, 5, [1]);
            byte[] bytes = writer.Records.ToArray();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var reader = new LogRecordReader(bytes, writer.RecordCount);
            LogStatus status = LogStatus.Ok;
            for (int count = 0; status == LogStatus.Ok && count <= 3; count++)
            {
                status = reader.TryRead(out LogRecord record);
                Assert.True(record.Kind != LogRecordKind.Data || record.Checksums.Length == record.BlockCount * 4L);
                Assert.True(record.OffsetBytes + record.Value.Length <= NodeFormat.MaxValueBytes);
            }

            Assert.NotEqual(LogStatus.Ok, status);
            damagedCount += status == LogStatus.Damaged ? 1 : 0;
        }

        Assert.True(damagedCount > 100);
    }

    [Fact]
    public void Writer_NoRoom_ThrowsAndKeepsWhatItHas()
    {
        using var writer = new LogRecordWriter(30);
        writer.NextInode(1);

        Assert.Throws<InvalidOperationException>(() => writer.Delete(LogTree.File, _key));
        Assert.Equal((12, 1U), (writer.LengthBytes, writer.RecordCount));
    }

    private static LogStatus First(ReadOnlySpan<byte> bytes, uint count)
    {
        var reader = new LogRecordReader(bytes, count);
        return reader.TryRead(out _);
    }
}
