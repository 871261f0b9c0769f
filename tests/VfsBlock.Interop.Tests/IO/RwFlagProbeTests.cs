using Xunit;

namespace VfsBlock.Interop.Tests;

public sealed class RwFlagProbeTests
{
    private const int BlockBytes = 4096;

    [Theory]
    [InlineData(null, OpenFlags.ReadWrite)]
    [InlineData("/dev/shm", OpenFlags.ReadWrite)]
    [InlineData(null, OpenFlags.ReadWrite | OpenFlags.Direct)]
    public void Probe_EveryFlag_AgreesWithRealTransfersAndHarmsNothing(string? parent, OpenFlags flags)
    {
        byte[] data = ScratchFile.Pattern(3 * BlockBytes + 100);
        using var scratch = new ScratchFile(data, OpenFlags.ReadOnly, parent);
        HostFile? opened = HostFile.TryOpen(scratch.Path, flags, 0, out Errno refused);
        if (opened is null)
        {
            Assert.Equal((Errno.EINVAL, OpenFlags.Direct), (refused, flags & OpenFlags.Direct));
            return;
        }

        using HostFile file = opened;
        RwFlagSupport support = file.ProbeRwFlags();

        Assert.Equal(data, scratch.Content);
        using NativeBuffer block = IoVecs.Holding(data.AsSpan(0, BlockBytes));
        foreach (RwFlags flag in Enum.GetValues<RwFlags>().Where(f => f is not (RwFlags.None or RwFlags.Atomic)))
        {
            Assert.Equal((flag, IsKnown(file.ReadAt(block.Span, 0, flag))), (flag, (support.Read & flag) != 0));
            Assert.Equal((flag, IsKnown(file.WriteAt(block.Span, 0, flag))), (flag, (support.Write & flag) != 0));
        }

        bool isAtomicKnown = file.WriteAt(block.Span, 0, RwFlags.Atomic).Error != Errno.EOPNOTSUPP;
        Assert.Equal(isAtomicKnown, (support.Write & RwFlags.Atomic) != 0);
    }

    [Fact]
    public void Probe_OrdinaryFile_KnowsTheFlagsThatEveryFileSystemHas()
    {
        using var scratch = new ScratchFile([]);
        RwFlagSupport support = scratch.File.ProbeRwFlags();

        const RwFlags Common = RwFlags.DataSync | RwFlags.Sync | RwFlags.Append;
        Assert.Equal(Common, support.Write & Common);
        Assert.Empty(scratch.Content);
    }

    [Fact]
    public void Probe_FileOpenOneWay_SupportsNothingTheOtherWay()
    {
        using var scratch = new ScratchFile(ScratchFile.Pattern(100), OpenFlags.ReadOnly);
        RwFlagSupport readOnly = scratch.File.ProbeRwFlags();
        Assert.NotEqual(RwFlags.None, readOnly.Read);
        Assert.Equal(RwFlags.None, readOnly.Write);

        using var file = HostFile.Open(scratch.Path, OpenFlags.WriteOnly);
        RwFlagSupport writeOnly = file.ProbeRwFlags();
        Assert.Equal(RwFlags.None, writeOnly.Read);
        Assert.NotEqual(RwFlags.None, writeOnly.Write);
        Assert.Equal(ScratchFile.Pattern(100), scratch.Content);
    }

    [Fact]
    public void Probe_FileOpenedToAppend_DoesNotGrow()
    {
        using var scratch = new ScratchFile(ScratchFile.Pattern(100), OpenFlags.ReadWrite | OpenFlags.Append);
        Assert.NotEqual(RwFlags.None, scratch.File.ProbeRwFlags().Write);
        Assert.Equal(ScratchFile.Pattern(100), scratch.Content);
    }

    [Fact]
    public void Probe_Pipe_SupportsNothingAndTakesNothingOutOfIt()
    {
        using PipePair pipe = PipePair.Pipe();
        pipe.Writer.WriteAllNext([1, 2, 3]);

        Assert.Equal(default, pipe.Reader.ProbeRwFlags());
        Assert.Equal(default, pipe.Writer.ProbeRwFlags());
        Assert.Equal(IoResult.Ok(3), pipe.Reader.ReadNext(new byte[10]));
    }

    private static bool IsKnown(IoResult result) =>
        result.Error is Errno.None || result is { Error: Errno.EAGAIN };
}
