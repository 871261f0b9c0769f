using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <content>O_DIRECT, and a disk that fills up.</content>
public abstract partial class IoQueueTests
{
    [DirectIoFact]
    [Trait("Id", "AIO-14")]
    public void AIO14_DirectFile_MisalignedRequest_FailsAloneInItsCompletion()
    {
        IIoQueue queue = Queue(depth: 4);
        HostFile file = OpenDirect(lengthBytes: 16384);
        IoBufferPool pool = Pool(4096, 4);
        IoBufferSlice[] buffers = [.. Enumerable.Range(0, 4).Select(_ => pool.Rent().All())];

        queue.Submit(
        [
            IoRequest.Write(file.Handle, buffers[0], 0, tag: 0),
            IoRequest.Write(file.Handle, buffers[1], 4097, tag: 1),
            IoRequest.Read(file.Handle, buffers[2], 1, tag: 2),
            IoRequest.Read(file.Handle, buffers[3], 8192, tag: 3),
        ]);

        Assert.Equal(
            [IoResult.Ok(4096), IoResult.Fail(Errno.EINVAL), IoResult.Fail(Errno.EINVAL), IoResult.Ok(4096)],
            ReapByTag(queue, 4).Select(c => c.Result));
    }

    [DirectIoFact]
    public void DirectFile_ReadOverAnEndThatIsNotAligned_IsShortWithoutAnError()
    {
        IIoQueue queue = Queue(depth: 4);
        HostFile file = OpenDirect(lengthBytes: 5000);
        IoBufferLease lease = Pool(8192, 1).Rent();

        queue.Submit(IoRequest.Read(file.Handle, lease.All(), 0, tag: 0));

        Assert.Equal(IoResult.Ok(5000), ReapOne(queue).Result);
    }

    [DirectIoFact]
    public void DirectFile_FourMebibytesInSmallPiecesAtDepth8_SameBytes() =>
        WriteAndReadInPieces(OpenDirect(lengthBytes: 0).Handle);

    [RootFact]
    public void Write_DiskFillsHalfWay_BytesAndTheErrorTogether()
    {
        using var mount = new TmpfsMount(64 * 1024);
        using HostFile file = HostFile.Open(mount.File("full"), OpenFlags.ReadWrite | OpenFlags.Create, 0x180);
        using IIoQueue queue = Make(depth: 4);
        using var pool = new IoBufferPool(128 * 1024, 1);
        using IoBufferLease lease = pool.Rent();

        queue.Submit(IoRequest.Write(file.Handle, lease.All(), 0, tag: 0));

        Assert.Equal(new IoResult(64 * 1024, Errno.ENOSPC), ReapOne(queue).Result);
    }

    private HostFile OpenDirect(int lengthBytes)
    {
        File.WriteAllBytes(DataPath, new byte[lengthBytes]);
        return Own(HostFile.Open(DataPath, OpenFlags.ReadWrite | OpenFlags.Direct));
    }
}
