using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Log;

public class LogBufferTests
{
    [Fact]
    public void Append_UntilFull_SaysFullAndTakesNothing()
    {
        using var buffer = new LogBuffer(5, 1);
        using LogRecordWriter transaction = Transaction(2000);

        Assert.Equal(LogRoom.Ok, buffer.Append(transaction));
        Assert.Equal(LogRoom.Ok, buffer.Append(transaction));
        int waitingBytes = buffer.WaitingBytes;
        Assert.Equal(LogRoom.Full, buffer.Append(transaction));

        Assert.Equal(waitingBytes, buffer.WaitingBytes);
        Assert.Equal(LogRoom.TooLarge, buffer.CheckRoom(4096 - 64 + 1));
        Assert.Equal(LogRoom.Full, buffer.CheckRoom(4096 - 64));
    }

    [Fact]
    public void TryCut_Always_GivesWholeTransactionsAndTheNextSequence()
    {
        using var buffer = new LogBuffer(5, 1);
        using LogRecordWriter transaction = Transaction(2000);
        buffer.Append(transaction);
        buffer.Append(transaction);

        Assert.True(buffer.TryCut(out LogBatch batch));

        Assert.Equal((5UL, 2U, 6UL), (batch.Sequence, batch.RecordCount, buffer.OpenSequence));
        Assert.True(buffer.IsEmpty);
        Assert.Equal(LogRoom.Ok, buffer.Append(transaction));
        Assert.Equal(2U, batch.RecordCount);
    }

    [Fact]
    public void TryCut_BatchStillOut_IsRefusedUntilReleased()
    {
        using var buffer = new LogBuffer(1, 1);
        Assert.True(buffer.TryCut(out LogBatch first));
        Assert.False(buffer.TryCut(out _));
        buffer.Release(first);
        Assert.Throws<InvalidOperationException>(() => buffer.Release(first));
        Assert.True(buffer.TryCut(out LogBatch second));
        Assert.Equal(2UL, second.Sequence);
    }

    [Fact]
    public void AppendAndCut_Steadily_AllocateNothing()
    {
        using var buffer = new LogBuffer(1, 4);
        using var transaction = new LogRecordWriter(4096);
        byte[] value = [1, 2, 3];
        uint[] checksums = [1, 2];
        AllocationProbe.AssertNone(() =>
        {
            transaction.Clear();
            transaction.Put(LogTree.File, new TreeKey(1, 2), value);
            transaction.Data(new BlockNumber(7), checksums);
            buffer.Append(transaction);
            buffer.TryCut(out LogBatch batch);
            buffer.Release(batch);
        });
    }

    internal static LogRecordWriter Transaction(int lengthBytes)
    {
        var writer = new LogRecordWriter(lengthBytes);
        writer.Put(LogTree.File, new TreeKey(1, 2), new byte[lengthBytes - LogFormat.KeyedRecordBytes]);
        return writer;
    }
}
