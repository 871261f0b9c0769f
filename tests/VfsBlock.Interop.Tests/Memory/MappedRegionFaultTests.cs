using Microsoft.Win32.SafeHandles;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>
/// Pages that cannot be had are an error, never SIGBUS: a truncated file (MM-09), a full disk (MM-10). That the test
/// host lives on is part of every test.
/// </summary>
public sealed class MappedRegionFaultTests
{
    private const int Page = 4096;

    [Fact]
    [Trait("Id", "MM-09")]
    public void MM09_Populate_TruncatedFile_IsEfault()
    {
        using TestFile file = new(4 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        file.Truncate(Page + 1);
        Assert.Equal(Errno.None, region.PopulateForReading(0, 2 * Page));
        Assert.Equal(Errno.EFAULT, region.PopulateForReading(0, 4 * Page));
        Assert.Equal(Errno.EFAULT, region.PopulateForReading(2 * Page, 1));
        Assert.Equal(Errno.EFAULT, region.PopulateForWriting((4 * Page) - 1, 1));
    }

    [Theory]
    [Trait("Id", "MM-09")]
    [InlineData(MapAccess.ReadOnly)]
    [InlineData(MapAccess.ReadWrite)]
    [InlineData(MapAccess.CopyOnWrite)]
    public void MM09_CopyTo_TruncatedFile_GivesWhatIsLeftAndTheError(MapAccess access)
    {
        using TestFile file = new(4 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, access);
        byte[] copy = new byte[4 * Page];
        Assert.Equal(IoResult.Ok(4 * Page), region.CopyTo(0, copy));
        file.Truncate(2 * Page);
        copy.AsSpan().Clear();
        Assert.Equal(new IoResult((2 * Page) - 7, Errno.EFAULT), region.CopyTo(7, copy.AsSpan(0, (4 * Page) - 7)));
        Assert.Equal(file.Content.AsSpan(7, (2 * Page) - 7), copy.AsSpan(0, (2 * Page) - 7));
        Assert.Equal(IoResult.Fail(Errno.EFAULT), region.CopyTo(2 * Page, copy.AsSpan(0, 1)));
    }

    [Theory]
    [Trait("Id", "MM-09")]
    [InlineData(MapAccess.ReadWrite)]
    [InlineData(MapAccess.CopyOnWrite)]
    public void MM09_CopyFrom_TruncatedFile_WritesWhatIsLeftAndGivesTheError(MapAccess access)
    {
        using TestFile file = new(4 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, access);
        file.Truncate(2 * Page);
        byte[] source = new byte[3 * Page];
        source.AsSpan().Fill(0x42);
        Assert.Equal(new IoResult(Page, Errno.EFAULT), region.CopyFrom(Page, source));
        Assert.Equal(IoResult.Fail(Errno.EFAULT), region.CopyFrom(3 * Page, source.AsSpan(0, Page)));
        Assert.True(region.AsReadOnlySpan(Page, Page).IndexOfAnyExcept((byte)0x42) < 0);
    }

    [Fact]
    [Trait("Id", "MM-09")]
    public void MM09_View_TruncatedFile_IsEfaultAndNobodyIsCalled()
    {
        using TestFile file = new(4 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        file.Truncate(Page);
        Assert.Equal(Errno.EFAULT, region.View(0, 4 * Page, 0, (_, _) => Assert.Fail("called")));
        Assert.Equal(Errno.EFAULT, region.Edit(Page, Page, 0, (_, _) => Assert.Fail("called")));
        Assert.Equal(Errno.ENOMEM, region.Lock(0, 4 * Page));
    }

    [Fact]
    [Trait("Id", "MM-09")]
    public void MM09_CopyTo_FileTruncatedAndGrownMeanwhile_NeverCrashes()
    {
        using TestFile file = new(64 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        bool stop = false;
        var truncator = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                file.Truncate(3 * Page);
                file.Truncate(64 * Page);
            }
        });
        truncator.Start();
        byte[] buffer = new byte[64 * Page];
        for (int call = 0; call < 2000; call++)
        {
            IoResult result = call % 2 == 0 ? region.CopyTo(0, buffer) : region.CopyFrom(0, buffer);
            Assert.True(result.Error is Errno.None or Errno.EFAULT);
            Assert.InRange(result.Bytes, 3 * Page, 64 * Page);
        }

        Volatile.Write(ref stop, true);
        truncator.Join();
    }

    [Fact]
    [Trait("Id", "MM-10")]
    public void MM10_AllocateSpace_BeyondTheEnd_ExtendsTheFileAndGivesItBlocks()
    {
        using TestFile file = new(0);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, 100, 5 * Page, MapAccess.ReadWrite, MapOptions.AllocateSpace);
        Assert.Equal(100 + (5 * Page), RandomAccess.GetLength(file.Handle));
        region.AsSpan(0, 5 * Page).Fill(0x11);
        Assert.Equal(Errno.None, region.Flush(0, 5 * Page, FlushMode.Durable));
        Assert.Equal([0, 0x11], file.ReadBack()[99..101]);
    }

    [TmpfsFact]
    [Trait("Id", "MM-10")]
    public void MM10_AllocateSpace_MoreThanTheDisk_IsEnospcBeforeAnythingIsMapped()
    {
        using TestFile file = new(Page, TmpfsFactAttribute.Folder);
        long tooMuch = TmpfsFactAttribute.SizeBytes + Page;
        ErrnoException full = Assert.Throws<ErrnoException>(
            () => MappedRegion.MapFile(file.Handle, 0, tooMuch, MapAccess.ReadWrite, MapOptions.AllocateSpace));
        Assert.Equal(Errno.ENOSPC, full.Error);
        Assert.Contains("Free space", full.Message, StringComparison.Ordinal);
        Assert.Equal(0, file.MappingCount);

        using ReservedRegion reserved = ReservedRegion.ForFile(file.Handle, MapAccess.ReadWrite, tooMuch);
        Assert.Equal(Errno.ENOSPC, reserved.GrowTo(tooMuch, allocateSpace: true));
        Assert.Equal(0, reserved.LengthBytes);
        Assert.Equal(Page, RandomAccess.GetLength(file.Handle));
        Assert.Equal(Errno.None, reserved.GrowTo(3 * Page, allocateSpace: true));
        Assert.Equal(file.Content, reserved.AsReadOnlySpan(0, Page).ToArray());
    }

    [RootFact]
    [Trait("Id", "MM-10")]
    public void MM10_CopyFrom_IntoHolesOfAFullDisk_GivesWhatFitsAndTheError()
    {
        using TmpfsMount disk = new(16 * Page);
        using SafeFileHandle file = File.OpenHandle(disk.File("holes"), FileMode.CreateNew, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, 64 * Page);
        using MappedRegion region = MappedRegion.MapFile(file, MapAccess.ReadWrite);
        IoResult result = region.CopyFrom(0, new byte[64 * Page]);
        Assert.Equal(Errno.EFAULT, result.Error);
        Assert.InRange(result.Bytes, 1, 16 * Page);
        Assert.Equal(Errno.EFAULT, region.PopulateForWriting(0, 64 * Page));
        Assert.Equal(Errno.EFAULT, region.Edit(63 * Page, 1, 0, (_, _) => Assert.Fail("called")));
    }
}
