using Microsoft.Win32.SafeHandles;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The end of a region: disposed twice, used afterwards, disposed while in use (MM-06). Never a crash.</summary>
public sealed class MappedRegionDisposeTests
{
    private const int Page = 4096;

    public static TheoryData<string, Action<MemoryRegion>> Operations { get; } = new()
    {
        { "Address", region => _ = region.Address },
        { "AsSpan", region => region.AsSpan(0, 1)[0] = 1 },
        { "AsReadOnlySpan", region => _ = region.AsReadOnlySpan(0, 1)[0] },
        { "CopyTo", region => region.CopyTo(0, new byte[1]) },
        { "CopyFrom", region => region.CopyFrom(0, new byte[1]) },
        { "View", region => region.View(0, 1, 0, (_, _) => { }) },
        { "Edit", region => region.Edit(0, 1, 0, (_, _) => { }) },
        { "Flush", region => region.Flush(0, 1, FlushMode.Durable) },
        { "FlushStarted", region => region.Flush(0, 1, FlushMode.Started) },
        { "Lock", region => region.Lock(0, 1) },
        { "Unlock", region => region.Unlock(0, 1) },
        { "Advise", region => region.Advise(0, 1, MemoryAdvice.Normal) },
        { "PopulateForReading", region => region.PopulateForReading(0, 1) },
        { "PopulateForWriting", region => region.PopulateForWriting(0, 1) },
    };

    [Theory]
    [Trait("Id", "MM-06")]
    [MemberData(nameof(Operations))]
    public void MM06_Use_AfterDispose_Throws(string name, Action<MemoryRegion> operation)
    {
        using TestFile file = new(Page);
        MappedRegion mapped = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        ReservedRegion reserved = ReservedRegion.ForFile(file.Handle, MapAccess.ReadWrite, Page);
        Assert.Equal(Errno.None, reserved.GrowTo(Page));
        foreach (MemoryRegion region in new MemoryRegion[] { mapped, reserved })
        {
            operation(region);
            region.Dispose();
            Assert.True(Record.Exception(() => operation(region)) is ObjectDisposedException, name);
        }

        Assert.Throws<ObjectDisposedException>(() => reserved.GrowTo(2 * Page));
        Assert.Throws<ObjectDisposedException>(() => reserved.ShrinkTo(0));
    }

    [Fact]
    [Trait("Id", "MM-06")]
    public void MM06_Dispose_Twice_UnmapsOnlyOnce()
    {
        using TestFile file = new(16 * Page);
        MappedRegion first = MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly);
        first.Dispose();

        // The kernel likes to give the same addresses again: a second unmap would take them from under their new owner.
        using MappedRegion second = MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly);
        first.Dispose();
        Assert.Equal(1, file.MappingCount);
        Assert.Equal(IoResult.Ok(16 * Page), second.CopyTo(0, new byte[16 * Page]));
    }

    [Fact]
    [Trait("Id", "MM-06")]
    public void MM06_Dispose_InsideAView_WaitsForItsEnd()
    {
        using TestFile file = new(2 * Page);
        MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly);
        byte[] seen = new byte[2 * Page];
        Errno error = region.View(0, 2 * Page, (region, seen), (span, state) =>
        {
            state.region.Dispose();
            Assert.Throws<ObjectDisposedException>(() => state.region.CopyTo(0, new byte[1]));
            span.CopyTo(state.seen);
        });
        Assert.Equal(Errno.None, error);
        Assert.Equal(file.Content, seen);
        Assert.Equal(0, file.MappingCount);
    }

    [Fact]
    [Trait("Id", "MM-06")]
    public void MM06_Dispose_WhileOthersCopy_EndsThemWithAnException()
    {
        for (int round = 0; round < 20; round++)
        {
            using TestFile file = new(64 * Page);
            using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
            using CountdownEvent running = new(2);
            int disposedCount = 0;
            Thread[] threads = [new(() => CopyUntilDisposed(toRegion: false)), new(() => CopyUntilDisposed(toRegion: true))];
            Array.ForEach(threads, thread => thread.Start());
            running.Wait();
            region.Dispose();
            Array.ForEach(threads, thread => thread.Join());
            Assert.Equal(2, disposedCount);
            Assert.Equal(0, file.MappingCount);

            void CopyUntilDisposed(bool toRegion)
            {
                byte[] buffer = new byte[64 * Page];
                try
                {
                    for (long call = 0; ; call++)
                    {
                        IoResult result = toRegion ? region.CopyFrom(0, buffer) : region.CopyTo(0, buffer);
                        if (!result.Succeeded)
                        {
                            return;
                        }

                        if (call == 0)
                        {
                            running.Signal();
                        }
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref disposedCount);
                }
            }
        }
    }

    [Fact]
    public void MappedRegion_FileHandleDisposedFirst_GoesOn()
    {
        using TestFile file = new(2 * Page);
        SafeFileHandle handle = file.Open();
        using (MappedRegion region = MappedRegion.MapFile(handle, MapAccess.ReadWrite))
        {
            handle.Dispose();
            byte[] copy = new byte[2 * Page];
            Assert.Equal(IoResult.Ok(copy.Length), region.CopyTo(0, copy));
            Assert.Equal(file.Content, copy);
        }

        Assert.Equal(0, file.MappingCount);
        Assert.Throws<ObjectDisposedException>(() => MappedRegion.MapFile(handle, MapAccess.ReadOnly));
    }

    [Fact]
    public void Descriptor_RegionGoneOrRefused_IsClosedWithItsHandle()
    {
        using TestFile file = new(Page);
        SafeFileHandle handle = file.Open();
        MappedRegion mapped = MappedRegion.MapFile(handle, MapAccess.ReadOnly);
        ReservedRegion reserved = ReservedRegion.ForFile(handle, MapAccess.ReadOnly, Page);
        Assert.Throws<ErrnoException>(() => MappedRegion.MapFile(handle, 0, 2 * Page, MapAccess.ReadOnly));
        handle.Dispose();
        mapped.Dispose();
        Assert.Equal(2, file.DescriptorCount);
        reserved.Dispose();
        Assert.Equal(1, file.DescriptorCount);

        SafeFileHandle readOnly = file.Open(FileAccess.Read);
        Assert.Throws<ErrnoException>(() => MappedRegion.MapFile(readOnly, MapAccess.ReadWrite));
        readOnly.Dispose();
        Assert.Equal(1, file.DescriptorCount);
    }
}
