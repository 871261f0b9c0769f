using System.Runtime.InteropServices;
using VfsBlock.Interop.Native;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The flags of open(2) for each architecture; what this machine's headers say is in <see cref="FileIoHeadersTests"/>.</summary>
public sealed class OpenFlagNumbersTests
{
    /// <remarks>By include/uapi/asm-generic/fcntl.h and arch/arm64/include/uapi/asm/fcntl.h, which write them in octal.</remarks>
    [Theory]
    [InlineData(OpenFlags.Direct, 0x4000, 0x1_0000)]
    [InlineData(OpenFlags.LargeFile, 0x8000, 0x2_0000)]
    [InlineData(OpenFlags.Directory, 0x1_0000, 0x4000)]
    [InlineData(OpenFlags.NoFollow, 0x2_0000, 0x8000)]
    [InlineData(OpenFlags.TemporaryFile, 0x41_0000, 0x40_4000)]
    [InlineData(OpenFlags.ReadWrite | OpenFlags.Direct | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0xA_4002, 0x9_8002)]
    public void Exchange_FlagsThatDiffer_AreEachArchitecturesNumber(OpenFlags flags, int x64, int arm64)
    {
        Assert.Equal(x64, OpenFlagNumbers.Exchange((int)flags, Architecture.X64));
        Assert.Equal(arm64, OpenFlagNumbers.Exchange((int)flags, Architecture.Arm64));
        Assert.Equal(flags, (OpenFlags)OpenFlagNumbers.Exchange(x64, Architecture.X64));
        Assert.Equal(flags, (OpenFlags)OpenFlagNumbers.Exchange(arm64, Architecture.Arm64));
    }

    [Fact]
    public void Exchange_EveryOtherFlag_IsTheSameEverywhere()
    {
        const OpenFlags Differing = OpenFlags.Direct | OpenFlags.LargeFile | OpenFlags.Directory | OpenFlags.NoFollow;
        foreach (OpenFlags flag in Enum.GetValues<OpenFlags>().Where(flag => (flag & Differing) == 0))
        {
            Assert.Equal((int)flag, OpenFlagNumbers.Exchange((int)flag, Architecture.X64));
            Assert.Equal((int)flag, OpenFlagNumbers.Exchange((int)flag, Architecture.Arm64));
        }
    }

    [Fact]
    public void ToKernel_ThenFromKernel_IsWhatItWas()
    {
        const OpenFlags Flags = OpenFlags.ReadWrite | OpenFlags.Direct | OpenFlags.NoFollow;
        Assert.Equal(OpenFlagNumbers.Exchange((int)Flags, RuntimeInformation.ProcessArchitecture), OpenFlagNumbers.ToKernel(Flags));
        Assert.Equal(Flags, OpenFlagNumbers.FromKernel(OpenFlagNumbers.ToKernel(Flags)));
    }
}
