using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Locking pages in memory, and the limit on it as a value (MM-08).</summary>
public sealed class MappedRegionLockTests
{
    private const int Page = 4096;

    [Fact]
    [Trait("Id", "MM-08")]
    public void MM08_Lock_OverTheLimit_IsEnomem()
    {
        using MappedRegion region = MappedRegion.MapAnonymous(64 * Page);
        using MemoryLockLimit limit = new(16 * Page);
        Assert.Equal(Errno.ENOMEM, MemoryLockLimit.RunBound(() => region.Lock(0, 64 * Page)));
        Assert.Equal(0, MemoryMapEntry.Of(region.Address).LockedBytes);
    }

    [Fact]
    [Trait("Id", "MM-08")]
    public void MM08_Lock_LimitOfZero_IsEperm()
    {
        using MappedRegion region = MappedRegion.MapAnonymous(Page);
        using MemoryLockLimit limit = new(0);
        Assert.Equal(Errno.EPERM, MemoryLockLimit.RunBound(() => region.Lock(0, Page)));
    }

    [Fact]
    [Trait("Id", "MM-08")]
    public void MM08_LockAndUnlock_OfARange_HoldItsPagesAndLetThemGo()
    {
        using TestFile file = new(4 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        Assert.Equal(Errno.None, region.Lock(Page + 1, Page));
        Assert.Equal(2 * Page, MemoryMapEntry.Of(region.Address + Page).LockedBytes);
        Assert.Equal(Errno.None, region.Unlock(Page + 1, Page));
        Assert.Equal(0, MemoryMapEntry.Of(region.Address + Page).LockedBytes);
    }
}
