using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Errors in the middle: what was done before them is told.</summary>
public sealed class HostFileErrorTests
{
    private const int PageBytes = 4096;

    [Fact]
    [Trait("Id", "IO-07")]
    public void IO07_BadBuffer_IsEFAULT()
    {
        using var scratch = new ScratchFile(ScratchFile.Pattern(100));
        IoVec[] bad = [new(1, 50)];

        Assert.Equal(IoResult.Fail(Errno.EFAULT), scratch.File.ReadAt(bad, 0));
        Assert.Equal(IoResult.Fail(Errno.EFAULT), scratch.File.ReadExactlyAt(bad, 0));
        Assert.Equal(IoResult.Fail(Errno.EFAULT), scratch.File.WriteAt(bad, 0));
        Assert.Equal(IoResult.Fail(Errno.EFAULT), scratch.File.WriteAllAt(bad, 0));
        Assert.Equal(ScratchFile.Pattern(100), scratch.Content);
    }

    [Fact]
    [Trait("Id", "IO-07")]
    public void IO07_BadBufferAfterGoodOnes_IsEFAULTWithTheirBytes()
    {
        byte[] data = ScratchFile.Pattern(2 * PageBytes);
        using var scratch = new ScratchFile(data);
        using var buffer = new NativeBuffer(PageBytes);
        IoVec[] pieces = [new(buffer), new(1, PageBytes)];

        Assert.Equal(new IoResult(PageBytes, Errno.EFAULT), scratch.File.ReadExactlyAt(pieces, 0));
        Assert.Equal(data.AsSpan(0, PageBytes), buffer.Span);
        Assert.Equal(new IoResult(PageBytes, Errno.EFAULT), scratch.File.WriteAllAt(pieces, PageBytes));
        Assert.Equal([.. data[..PageBytes], .. data[..PageBytes]], scratch.Content);
    }

    [Fact]
    [Trait("Id", "IO-07")]
    public void IO07_WriteFromAMappingBeyondItsFile_IsEFAULTWithTheBytesBefore()
    {
        using var mapped = new ScratchFile(ScratchFile.Pattern(PageBytes));
        using var scratch = new ScratchFile([]);
        nint address = Syscall.mmap(0, 2 * PageBytes, MmapProts.PROT_READ, MmapFlags.MAP_SHARED, (int)mapped.File.Handle.DangerousGetHandle(), 0);
        Assert.NotEqual(-1, address);
        try
        {
            IoVec[] pieces = [new(address, 2 * PageBytes)];
            Assert.Equal(new IoResult(PageBytes, Errno.EFAULT), scratch.File.WriteAllAt(pieces, 0));
            Assert.Equal(mapped.Content, scratch.Content);
        }
        finally
        {
            Syscall.munmap(address, 2 * PageBytes);
        }
    }

    [Fact]
    [Trait("Id", "IO-08")]
    public void IO08_FileSizeLimit_WriteStopsThereWithEFBIGAndItsBytes()
    {
        const long LimitBytes = 64 << 20;
        using var scratch = new ScratchFile([]);
        byte[] data = ScratchFile.Pattern(2 * PageBytes);
        IoResult all, single, beyond;
        using (new FileSizeLimit(LimitBytes))
        {
            single = scratch.File.WriteAt(data, LimitBytes - PageBytes);
            all = scratch.File.WriteAllAt(data, LimitBytes - PageBytes);
            beyond = scratch.File.WriteAllAt(data, LimitBytes);
        }

        Assert.Equal(IoResult.Ok(PageBytes), single);
        Assert.Equal(new IoResult(PageBytes, Errno.EFBIG), all);
        Assert.Equal(IoResult.Fail(Errno.EFBIG), beyond);
        Assert.Equal(Errno.None, scratch.File.GetSize(out long sizeBytes));
        Assert.Equal(LimitBytes, sizeBytes);
    }

    [RootFact]
    [Trait("Id", "IO-09")]
    public void IO09_DiskFullAfterTheFirstThousandPieces_ReportsWhatIsThere()
    {
        // 1024 pieces of a page fill the 4 MiB with the first call, so that the second one fails at once.
        using var disk = new TmpfsMount(1024 * PageBytes);
        using var file = HostFile.Open(disk.File("file"), OpenFlags.ReadWrite | OpenFlags.Create, 0x1a4);
        using NativeBuffer page = IoVecs.Holding(ScratchFile.Pattern(PageBytes));

        Assert.Equal(new IoResult(1024 * PageBytes, Errno.ENOSPC), file.WriteAllAt(IoVecs.Repeat(page, 1500), 0));
        Assert.Equal(Errno.None, file.GetSize(out long sizeBytes));
        Assert.Equal(1024 * PageBytes, sizeBytes);
    }

    [RootFact]
    [Trait("Id", "IO-09")]
    public void IO09_DiskFullInsideACall_ReportsWhatIsThereAndTheDataIsRight()
    {
        using var disk = new TmpfsMount(10 * PageBytes);
        using var file = HostFile.Open(disk.File("file"), OpenFlags.ReadWrite | OpenFlags.Create, 0x1a4);
        byte[] data = ScratchFile.Pattern(16 * PageBytes);

        IoResult written = file.WriteAllAt(data, 0);

        Assert.Equal(new IoResult(10 * PageBytes, Errno.ENOSPC), written);
        byte[] read = new byte[data.Length];
        Assert.Equal(IoResult.Ok(written.Bytes), file.ReadExactlyAt(read, 0));
        Assert.Equal(data.AsSpan(0, (int)written.Bytes), read.AsSpan(0, (int)written.Bytes));
    }

    [RootFact]
    [Trait("Id", "IO-09")]
    public void IO09_CursorOnAFullDisk_StandsBehindTheBytesThatAreThere()
    {
        using var disk = new TmpfsMount(10 * PageBytes);
        using var file = HostFile.Open(disk.File("file"), OpenFlags.ReadWrite | OpenFlags.Create, 0x1a4);
        using FileCursor cursor = file.RentCursor(0);

        Assert.Equal(new IoResult(10 * PageBytes, Errno.ENOSPC), cursor.WriteAll(new byte[16 * PageBytes]));
        Assert.Equal(10 * PageBytes, cursor.PositionBytes);
    }

    [Fact]
    [Trait("Id", "IO-09")]
    public void IO09_DeviceThatIsAlwaysFull_IsENOSPCWithNothingDone()
    {
        using var full = HostFile.Open("/dev/full", OpenFlags.WriteOnly);
        Assert.Equal(IoResult.Fail(Errno.ENOSPC), full.WriteAllAt(new byte[100], 0));
    }
}
