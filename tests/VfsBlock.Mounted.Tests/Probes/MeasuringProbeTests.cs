using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Sdk;

namespace VfsBlock.Mounted.Tests;

/// <summary>Serving a mount allocates no managed memory, whatever is asked. Alone: it counts messages.</summary>
[Collection(AloneCollection.Name)]
public sealed class MeasuringProbeTests
{
    private const int CallsPerRound = 200;

    [MountedFact]
    public void Stat_OfPathAndDescriptor_AllocatesNothing() => AssertAllocatesNothing(3, (mount, file) =>
    {
        Caller.Stat(mount.File);
        Caller.Stat(mount["absent"]);
        Caller.Ok(Syscall.fstat(file, out _));
    });

    [MountedFact]
    public void Read_OfSmallAndLargePieces_AllocatesNothing()
    {
        byte[] small = new byte[100];
        byte[] large = new byte[1 << 18];
        AssertAllocatesNothing(2, (_, file) =>
        {
            Assert.True(Caller.TryReadAt(file, 5, small).Succeeded);
            Assert.True(Caller.TryReadAt(file, 0, large).Succeeded);
        });
    }

    [MountedFact]
    public void Write_OfSmallAndLargePiecesWithSync_AllocatesNothing()
    {
        byte[] small = new byte[100];
        byte[] large = new byte[1 << 18];
        AssertAllocatesNothing(4, (_, file) =>
        {
            Caller.WriteAt(file, 5, small);
            Caller.WriteAt(file, 0, large);
            Caller.Ok(Syscall.ftruncate(file, 4096));
            Caller.Ok(Syscall.fsync(file));
        });
    }

    [MountedFact]
    public void List_Directory_AllocatesNothing() =>
        AssertAllocatesNothing(3, (mount, _) => Assert.Equal([ProbeFileSystem.FileName], Posix.List(mount.Root)));

    [MountedFact]
    public void OpenAndClose_OfAFile_AllocatesNothing() =>
        AssertAllocatesNothing(4, (mount, _) => Caller.Close(Caller.Open(mount.File)));

    /// <summary>The measurement finds what is there.</summary>
    [MountedFact]
    public void Measurement_OperationThatAllocates_Fails()
    {
        var probe = new MeasuringProbe { Allocates = true };
        ProbeMount.Run(probe, mount => Assert.Throws<TrueException>(
            () => AllocationProbe.AssertNone(() => Caller.Stat(mount.Root), () => probe.AllocatedBytes)));
    }

    /// <summary>On one thread and on several, that pass each other's requests.</summary>
    /// <param name="requestCount">The least number of requests that <paramref name="call"/> makes.</param>
    /// <param name="call">What a client does with the mount and an open file in it.</param>
    private static void AssertAllocatesNothing(int requestCount, Action<ProbeMount, int> call)
    {
        foreach (int threadCount in new[] { 1, 3 })
        {
            var probe = new MeasuringProbe();
            ProbeMount.Run(
                probe,
                mount =>
                {
                    int file = Caller.Open(mount.File);
                    AllocationProbe.AssertNone(() => call(mount, file), () => probe.AllocatedBytes);
                    Assert.True(probe.RequestCount >= requestCount * CallsPerRound, $"only {probe.RequestCount} requests came");
                    Caller.Close(file);
                },
                new FuseSessionOptions { ThreadCount = threadCount });
        }
    }
}
