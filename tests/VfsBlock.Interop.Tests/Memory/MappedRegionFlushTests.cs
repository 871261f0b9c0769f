using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Flush means what it says (MM-04), whatever the descriptor's number (MM-05).</summary>
public sealed class MappedRegionFlushTests
{
    private const int Page = 4096;
    private const int PageCount = 1024;
    private const int RoundCount = 10;

    [PageCacheFact]
    [Trait("Id", "MM-04")]
    public void MM04_Flush_Durable_LeavesNoPageToWrite()
    {
        using TestFile file = new(PageCount * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        for (int round = 0; round < RoundCount; round++)
        {
            DirtyEveryPage(region);
            Assert.Equal(Errno.None, region.Flush(0, region.LengthBytes, FlushMode.Durable));
            Assert.Equal(default, PageCache.Of(file.Handle));
        }
    }

    /// <remarks>
    /// The kernel's own flusher may get in before the count in some round and leave nothing to see; it cannot in every one.
    /// </remarks>
    [PageCacheFact]
    [Trait("Id", "MM-04")]
    public void MM04_Flush_Started_PutsEveryDirtyPageUnderWay()
    {
        using TestFile file = new(PageCount * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        bool isSeen = false;
        for (int round = 0; round < RoundCount && !isSeen; round++)
        {
            RandomAccess.FlushToDisk(file.Handle);
            DirtyEveryPage(region);
            PageCache before = PageCache.Of(file.Handle);
            Assert.Equal(Errno.None, region.Flush(0, region.LengthBytes, FlushMode.Started));
            isSeen = before.DirtyPageCount == PageCount && PageCache.Of(file.Handle).DirtyPageCount == 0;
        }

        Assert.True(isSeen);
    }

    /// <remarks>
    /// The cache of a loop device is the page cache of its backing file: a page that was written but not flushed waits there, dirty, as it would
    /// in a disk's own cache. That a real disk heeds the flush no test can show without cutting its power.
    /// </remarks>
    [PageCacheFact(onLoopDevice: true)]
    [Trait("Id", "MM-04")]
    public void MM04_Flush_Durable_EmptiesTheDevicesOwnCacheToo()
    {
        using LoopDevice device = new(PageCount * Page);
        using SafeFileHandle disk = File.OpenHandle(device.BackingPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using SafeFileHandle handle = File.OpenHandle(device.Path, FileMode.Open, FileAccess.ReadWrite);
        using MappedRegion region = MappedRegion.MapFile(handle, MapAccess.ReadWrite);
        bool isSeen = false;
        for (int round = 0; round < RoundCount; round++)
        {
            DirtyEveryPage(region);
            WriteWithoutFlush(handle);
            isSeen |= PageCache.Of(handle) == default && PageCache.Of(disk) != default;
            Assert.Equal(Errno.None, region.Flush(0, region.LengthBytes, FlushMode.Durable));
            Assert.Equal(default, PageCache.Of(disk));
        }

        // Else the rounds show nothing: there was no cache to empty.
        Assert.True(isSeen);
    }

    [Fact]
    [Trait("Id", "MM-05")]
    public void MM05_Flush_OnEveryDescriptorNumber_Succeeds()
    {
        using TestFile file = new(Page);
        List<SafeFileHandle> handles = [];
        try
        {
            for (int i = 0; i < 40; i++)
            {
                handles.Add(file.Open());
                using MappedRegion region = MappedRegion.MapFile(handles[i], MapAccess.ReadWrite);
                region.AsSpan(i, 1)[0] = 0xCC;
                file.Content[i] = 0xCC;
                Assert.Equal(Errno.None, region.Flush(0, Page, FlushMode.Durable));
                Assert.Equal(Errno.None, region.Flush(0, Page, FlushMode.Started));
            }

            Assert.Equal(40, handles.Select(handle => handle.DangerousGetHandle()).Distinct().Count());
            Assert.Equal(file.Content, file.ReadBack());
        }
        finally
        {
            handles.ForEach(handle => handle.Dispose());
        }
    }

    [Theory]
    [InlineData(FlushMode.Durable)]
    [InlineData(FlushMode.Started)]
    public void Flush_AfterTheFileHandleIsDisposed_StillWorks(FlushMode mode)
    {
        using TestFile file = new(Page);
        SafeFileHandle handle = file.Open();
        using MappedRegion region = MappedRegion.MapFile(handle, MapAccess.ReadWrite);
        handle.Dispose();
        region.AsSpan(9, 1)[0] = 0x99;
        Assert.Equal(Errno.None, region.Flush(0, Page, mode));
        Assert.Equal(0x99, file.ReadBack()[9]);
    }

    /// <summary>Hands every dirty page to the device and waits until it has them: all that a flush does, but for the flush.</summary>
    private static void WriteWithoutFlush(SafeFileHandle device)
    {
        const uint WaitBeforeWriteWaitAfter = 7;
        Assert.Equal(0, Libc.SyncFileRange((int)device.DangerousGetHandle(), 0, 0, WaitBeforeWriteWaitAfter));
    }

    private static void DirtyEveryPage(MappedRegion region)
    {
        for (int page = 0; page < PageCount; page++)
        {
            region.AsSpan((page * Page) + 5, 1)[0]++;
        }
    }
}
