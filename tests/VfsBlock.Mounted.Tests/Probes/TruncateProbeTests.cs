using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>open(O_TRUNC) empties the file whoever answers OPEN: the ways that the kernel tells it differ.</summary>
public sealed class TruncateProbeTests
{
    [MountedFact]
    public void OpenTruncating_OpenNotServed_TruncatesBySetAttr() =>
        AssertTruncates(new ProbeFileSystem(), FuseSessionOptions.DefaultFlags, setAttrCount: 1);

    [MountedFact]
    public void OpenTruncating_OpenServed_TruncatesByOpen() =>
        AssertTruncates(new ProbeFileSystem { IsOpenServed = true }, FuseSessionOptions.DefaultFlags, setAttrCount: 0);

    [MountedFact]
    public void OpenTruncating_OpenServedWithoutTheFlag_TruncatesBySetAttr() => AssertTruncates(
        new ProbeFileSystem { IsOpenServed = true },
        FuseSessionOptions.DefaultFlags & ~FuseInitFlags.AtomicOpenTruncate,
        setAttrCount: 1);

    private static void AssertTruncates(ProbeFileSystem probe, FuseInitFlags flags, long setAttrCount)
    {
        void Test(ProbeMount mount)
        {
            // Twice: the first OPEN that is answered with ENOSYS is a message, the second is none.
            for (int round = 1; round <= 2; round++)
            {
                probe.SetContent(ProbeFileSystem.Pattern(5000));
                Caller.Close(Caller.Open(mount.File, OpenFlags.O_WRONLY | OpenFlags.O_TRUNC));
                Assert.Empty(probe.Content());
                Assert.Equal(0, Caller.Size(mount.File));
                Assert.Equal(round * setAttrCount, probe.Count(FuseOpcode.SetAttr));
            }
        }

        ProbeMount.Run(probe, Test, new FuseSessionOptions { WantedFlags = flags });
    }
}
