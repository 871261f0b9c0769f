using System.Text;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Interop.Tests;

/// <summary>Flush means what it says (MM-04), whatever the descriptor's number (MM-05).</summary>
public sealed class MappedRegionFlushTests(ITestOutputHelper output)
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

    [Fact]
    [Trait("Id", "MM-04")]
    public unsafe void MM04_Flush_Durable_IsThereForAReadPastThePageCache()
    {
        using TestFile file = new(2 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        "on the disk"u8.CopyTo(region.AsSpan(Page + 100, 11));
        Assert.Equal(Errno.None, region.Flush(Page + 100, 11, FlushMode.Durable));
        fixed (byte* path = Encoding.UTF8.GetBytes(file.Path + '\0'))
        {
            int opened = Libc.Open(path, OpenFlags.ReadOnly | OpenFlags.Direct | OpenFlags.CloseOnExec, 0);
            if (opened == -(int)Errno.EINVAL)
            {
                output.WriteLine("This file system refuses O_DIRECT (EINVAL): read through the page cache instead.");
                opened = Libc.Open(path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec, 0);
            }

            using SafeFileHandle direct = new(opened, ownsHandle: true);
            using NativeBuffer buffer = new(2 * Page);
            Assert.Equal(2 * Page, RandomAccess.Read(direct, buffer.Span, 0));
            Assert.Equal("on the disk"u8.ToArray(), buffer.Span.Slice(Page + 100, 11).ToArray());
        }
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

    private static void DirtyEveryPage(MappedRegion region)
    {
        for (int page = 0; page < PageCount; page++)
        {
            region.AsSpan((page * Page) + 5, 1)[0]++;
        }
    }
}
