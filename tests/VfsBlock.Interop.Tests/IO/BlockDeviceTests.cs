using Microsoft.Win32.SafeHandles;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Block devices: their size is not in statx(2), and everything that needs it must find it all the same.</summary>
public sealed class BlockDeviceTests
{
    private const int PageBytes = 4096;
    private const int SizeBytes = 17 * PageBytes;

    [LoopDeviceFact]
    public void GetSize_BlockDevice_IsItsCapacityAndThePositionStays()
    {
        using var device = new LoopDevice(SizeBytes);
        using var file = HostFile.Open(device.Path, OpenFlags.ReadWrite);

        Assert.Equal(Errno.None, file.GetSize(out long sizeBytes));
        Assert.Equal(SizeBytes, sizeBytes);
        Assert.Equal(IoResult.Ok(SizeBytes), file.ReadExactlyNext(new byte[SizeBytes + 1]));
    }

    [LoopDeviceFact]
    public void GetSize_BlockDeviceBeyond4GiB_IsTheWholeNumber()
    {
        const long LargeBytes = (5L << 30) + PageBytes;
        using var device = new LoopDevice(LargeBytes);
        using var file = HostFile.Open(device.Path, OpenFlags.ReadOnly);

        Assert.Equal(Errno.None, file.GetSize(out long sizeBytes));
        Assert.Equal(LargeBytes, sizeBytes);
    }

    [LoopDeviceFact]
    public void MapFile_BlockDevice_MapsAllOfItAndFlushesToTheBackingFile()
    {
        using var device = new LoopDevice(SizeBytes);
        using SafeFileHandle handle = File.OpenHandle(device.Path, FileMode.Open, FileAccess.ReadWrite);
        using MappedRegion region = MappedRegion.MapFile(handle, MapAccess.ReadWrite);
        Assert.Equal(SizeBytes, region.LengthBytes);

        Assert.Equal(IoResult.Ok(4), region.CopyFrom(SizeBytes - 4, "last"u8));
        Assert.Equal(Errno.None, region.Flush(0, SizeBytes, FlushMode.Durable));

        Assert.Equal("last"u8.ToArray(), File.ReadAllBytes(device.BackingPath)[^4..]);

        Assert.Equal(Errno.None, region.Flush(0, SizeBytes, FlushMode.Started));
        ErrnoException refused = Assert.Throws<ErrnoException>(
            () => MappedRegion.MapFile(handle, PageBytes, SizeBytes, MapAccess.ReadOnly));
        Assert.Equal(Errno.ENXIO, refused.Error);
        Assert.Contains($"{SizeBytes} bytes", refused.Message, StringComparison.Ordinal);
    }

    [LoopDeviceFact]
    public void ReservedRegion_BlockDevice_GrowsToItsEndAndNoFurther()
    {
        using var device = new LoopDevice(SizeBytes);
        using SafeFileHandle handle = File.OpenHandle(device.Path, FileMode.Open, FileAccess.ReadWrite);
        using ReservedRegion region = ReservedRegion.ForFile(handle, MapAccess.ReadWrite, 2 * SizeBytes);

        Assert.Equal(Errno.ENXIO, region.GrowTo(SizeBytes + 1));
        Assert.Equal(Errno.None, region.GrowTo(SizeBytes));
        Assert.Equal(IoResult.Ok(SizeBytes), region.CopyTo(0, new byte[SizeBytes]));
    }

    [LoopDeviceFact]
    public void ReadAll_BlockDevice_GivesAllOfIt()
    {
        using var device = new LoopDevice(SizeBytes);
        using SafeFileHandle handle = File.OpenHandle(device.Path);
        long[] seen = [0];

        IoResult result = MappedReader.ReadAll(
            handle,
            seen,
            static (chunk, sum) =>
            {
                sum[0] += chunk.Length;
                return Errno.None;
            },
            chunkBytes: 5000);

        Assert.Equal(IoResult.Ok(SizeBytes), result);
        Assert.Equal(SizeBytes, seen[0]);
    }

    [LoopDeviceFact]
    public void AioQueue_DirectBlockDevice_WritesAndReadsUpToTheEndAndStopsThere()
    {
        using var device = new LoopDevice(SizeBytes);
        using var file = HostFile.Open(device.Path, OpenFlags.ReadWrite | OpenFlags.Direct);
        using IoQueue queue = IoQueue.Create(OpenFlags.Direct, depth: 2);
        using var pool = new IoBufferPool(2 * PageBytes, 1);
        using IoBufferLease lease = pool.Rent();
        lease.Span.Fill(7);

        Assert.Equal(IoResult.Ok(PageBytes), Do(queue, IoRequest.Write(file.Handle, lease.Slice(0, PageBytes), SizeBytes - PageBytes, 0)));
        lease.Span.Clear();
        Assert.Equal(IoResult.Ok(PageBytes), Do(queue, IoRequest.Read(file.Handle, lease.All(), SizeBytes - PageBytes, 0)));
        Assert.Equal(PageBytes, lease.ReadOnlySpan.Count((byte)7));
        Assert.Equal(
            new IoResult(PageBytes, Errno.ENOSPC),
            Do(queue, IoRequest.Write(file.Handle, lease.All(), SizeBytes - PageBytes, 0)));
    }

    private static IoResult Do(IoQueue queue, IoRequest request)
    {
        Span<IoCompletion> done = stackalloc IoCompletion[1];
        Assert.True(queue.Submit(in request));
        Assert.Equal(new ReapResult(1, ReapEnd.Enough), queue.Reap(done, 1, TimeSpan.FromSeconds(60)));
        return done[0].Result;
    }
}
