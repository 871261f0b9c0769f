using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Memory without a file (MM-07), and what is asked of its pages.</summary>
public sealed class MappedRegionAnonymousTests
{
    private const int Page = 4096;

    [Theory]
    [Trait("Id", "MM-07")]
    [InlineData(false)]
    [InlineData(true)]
    public void MM07_MapAnonymous_IsZeroedAndWritable(bool isShared)
    {
        using MappedRegion region = MappedRegion.MapAnonymous((3 * Page) + 1, isShared);
        byte[] copy = new byte[(3 * Page) + 1];
        Assert.Equal(IoResult.Ok(copy.Length), region.CopyTo(0, copy));
        Assert.True(copy.AsSpan().IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(IoResult.Ok(5), region.CopyFrom(3 * Page - 4, "hello"u8));
        Assert.Equal("hello"u8.ToArray(), region.AsReadOnlySpan((3 * Page) - 4, 5).ToArray());
        Assert.Contains("rd", MemoryMapEntry.Of(region.Address).Flags);
        Assert.Equal(isShared, MemoryMapEntry.Of(region.Address).Flags.Contains("sh"));
    }

    [Fact]
    [Trait("Id", "MM-07")]
    public void MM07_Flush_NoFile_IsAnErrorNotALie()
    {
        using MappedRegion region = MappedRegion.MapAnonymous(Page);
        Assert.Equal(Errno.EINVAL, region.Flush(0, Page, FlushMode.Durable));
        Assert.Equal(Errno.EINVAL, region.Flush(0, Page, FlushMode.Started));
    }

    [Theory]
    [Trait("Id", "MM-07")]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void MM07_MapAnonymous_ImpossibleLength_IsRefused(long length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MappedRegion.MapAnonymous(length));

    [Fact]
    public void MapAnonymous_MoreThanTheAddressSpace_IsEnomem() =>
        Assert.Equal(Errno.ENOMEM, Assert.Throws<ErrnoException>(() => MappedRegion.MapAnonymous(1L << 60)).Error);

    [Fact]
    public void HugePages_AskedFor_AreHadOrTheFallBackIsReported()
    {
        using MappedRegion region = MappedRegion.MapAnonymous((4L << 20) + 1, options: MapOptions.HugePages);
        Assert.Equal(Errno.None, region.PopulateForWriting(0, region.LengthBytes));
        region.AsSpan(4 << 20, 1)[0] = 1;
        IReadOnlyList<string> flags = MemoryMapEntry.Of(region.Address).Flags;
        PageBacking expected = flags.Contains("ht") ? PageBacking.ReservedHugePages
            : flags.Contains("hg") ? PageBacking.TransparentHugePages
            : PageBacking.BasePages;
        Assert.Equal(expected, region.Backing);
    }

    [Fact]
    public void HugePages_OfAFile_AreAskedForOrTheFallBackIsReported()
    {
        using TestFile file = new(3 << 20);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly, MapOptions.HugePages);
        bool isAdvised = MemoryMapEntry.Of(region.Address).Flags.Contains("hg");
        Assert.Equal(isAdvised ? PageBacking.TransparentHugePages : PageBacking.BasePages, region.Backing);
        Assert.Equal(file.Content.AsSpan(2 << 20), region.AsReadOnlySpan(2 << 20, 1 << 20));
    }

    [Fact]
    public void Executable_AskedFor_IsGranted()
    {
        using MappedRegion plain = MappedRegion.MapAnonymous(Page);
        using MappedRegion executable = MappedRegion.MapAnonymous(Page, options: MapOptions.Executable);
        Assert.DoesNotContain("ex", MemoryMapEntry.Of(plain.Address).Flags);
        Assert.Contains("ex", MemoryMapEntry.Of(executable.Address).Flags);
    }

    [Fact]
    public void ReadAhead_AskedFor_MapsThePagesBeforeTheFirstTouch()
    {
        using TestFile file = new(64 * Page);
        using MappedRegion lazy = MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly);
        Assert.Equal(0, MemoryMapEntry.Of(lazy.Address).ResidentBytes);
        lazy.Dispose();
        using MappedRegion ahead = MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly, MapOptions.ReadAhead);
        Assert.True(MemoryMapEntry.Of(ahead.Address).ResidentBytes > 0);
    }

    [Fact]
    public void Populate_ColdRange_MapsThePages()
    {
        using TestFile file = new(64 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        Assert.Equal(0, MemoryMapEntry.Of(region.Address).ResidentBytes);
        Assert.Equal(Errno.None, region.PopulateForReading(0, region.LengthBytes));
        Assert.True(MemoryMapEntry.Of(region.Address).ResidentBytes > 0);
    }

    [Theory]
    [InlineData(MemoryAdvice.Normal)]
    [InlineData(MemoryAdvice.Random)]
    [InlineData(MemoryAdvice.Sequential)]
    [InlineData(MemoryAdvice.WillNeed)]
    [InlineData(MemoryAdvice.DontNeed)]
    [InlineData(MemoryAdvice.DontFork)]
    [InlineData(MemoryAdvice.DoFork)]
    [InlineData(MemoryAdvice.DontDump)]
    [InlineData(MemoryAdvice.DoDump)]
    [InlineData(MemoryAdvice.Cold)]
    [InlineData(MemoryAdvice.PageOut)]
    public void Advise_SharedFile_IsAcceptedAndKeepsTheBytes(MemoryAdvice advice)
    {
        using TestFile file = new(4 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, 1, (4 * Page) - 2, MapAccess.ReadWrite);
        region.AsSpan(Page, 1)[0] = 0x5A;
        file.Content[Page + 1] = 0x5A;
        Assert.Equal(Errno.None, region.Advise(0, region.LengthBytes, advice));
        byte[] copy = new byte[region.LengthBytes];
        Assert.Equal(IoResult.Ok(copy.Length), region.CopyTo(0, copy));
        Assert.Equal(file.Content[1..^1], copy);
    }

    [Fact]
    public void Advise_UnknownNumber_IsEinval()
    {
        using MappedRegion region = MappedRegion.MapAnonymous(Page);
        Assert.Equal(Errno.EINVAL, region.Advise(0, Page, (MemoryAdvice)9999));
    }

    [Fact]
    public void Advise_DontNeedPrivateMemory_SparesTheNeighboursOfTheRange()
    {
        using MappedRegion region = MappedRegion.MapAnonymous(4 * Page);
        region.AsSpan(0, 4 * Page).Fill(0x77);
        Assert.Equal(Errno.None, region.Advise(10, (2 * Page) - 10, MemoryAdvice.DontNeed));
        Assert.True(region.AsReadOnlySpan(0, Page).IndexOfAnyExcept((byte)0x77) < 0);
        Assert.True(region.AsReadOnlySpan(Page, Page).IndexOfAnyExcept((byte)0) < 0);
        Assert.True(region.AsReadOnlySpan(2 * Page, 2 * Page).IndexOfAnyExcept((byte)0x77) < 0);
        Assert.Equal(Errno.None, region.Advise((2 * Page) + 1, 20, MemoryAdvice.DontNeed));
        Assert.True(region.AsReadOnlySpan(2 * Page, 2 * Page).IndexOfAnyExcept((byte)0x77) < 0);
    }
}
