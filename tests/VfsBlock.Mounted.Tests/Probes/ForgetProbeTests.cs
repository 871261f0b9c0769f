using System.Globalization;
using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;
using Errno = VfsBlock.Interop.Errno;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// Each lookup that a reply told the kernel of comes back, once. The kernel forgets what it drops while mounted, and says
/// nothing more at the unmount; so names are removed, or its caches dropped, and then every count must be zero.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class ForgetProbeTests
{
    private const ulong ADay = 86_400;
    private readonly ITestOutputHelper _output;

    public ForgetProbeTests(ITestOutputHelper output) => _output = output;

    [MountedFact]
    public void Tree_EveryWayOfLookingUpThenRemoved_IsForgotten()
    {
        // Names that are not cached are looked up over and over, and counted as often.
        foreach (ulong entrySeconds in new ulong[] { 0, ADay })
        {
            var probe = new ForgetProbe { EntrySeconds = entrySeconds };
            ProbeMount.Run(probe, mount =>
            {
                for (int round = 0; round < 10; round++)
                {
                    UseEveryName(mount);
                }

                ProbeMount.WaitUntil(() => probe.LookupCount == 0, "a kernel without lookups");
            });
            AssertBalanced(probe);
        }
    }

    /// <summary>By root: only root drops the kernel's caches.</summary>
    [DirectMountFact]
    public void DropCaches_ManyNames_ForgetsThemInBatches()
    {
        const int FileCount = 3000;
        var probe = new ForgetProbe { EntrySeconds = ADay };
        using var trace = new StringWriter();
        ProbeMount.Run(
            probe,
            mount =>
            {
                for (int number = 0; number < FileCount; number++)
                {
                    Caller.Ok(Syscall.mknod(mount[$"f{number}"], FilePermissions.S_IFREG | Posix.PublicFile, 0));
                }

                Assert.Equal(FileCount, Posix.List(mount.Root).Count);
                Assert.True(probe.LookupCount > FileCount, "the listing counted no lookup");

                // While the one thread is held, what is forgotten gathers in the kernel, which then sends it together.
                probe.IsHeld = true;
                var client = new ClientThread<Errno>(() => Caller.Stat(mount.Root));
                ProbeMount.WaitUntil(() => probe.HeldCount == 1, "a held request");
                DropCaches();
                DropCaches();
                probe.IsHeld = false;
                Assert.Equal(Errno.None, client.Result);
                DropCachesUntilForgotten(probe);

                // Forgotten, not gone.
                Assert.Equal(Errno.None, Caller.Stat(mount["f7"]));
                Assert.Equal(1, probe.LookupCount);
                DropCachesUntilForgotten(probe);
            },
            new FuseSessionOptions { ThreadCount = 1, Trace = trace });
        AssertBalanced(probe);
        Assert.Contains("BATCHFORGET", trace.ToString(), StringComparison.Ordinal);
    }

    [DirectMountFact]
    public void DropCaches_WhileManyUseTheNames_KeepsTheBalance()
    {
        const int ClientCount = 4;
        const int StepCount = 1500;
        int seed = RandomSeed.Take(_output);
        var probe = new ForgetProbe { EntrySeconds = ADay };
        ProbeMount.Run(
            probe,
            mount =>
            {
                for (int number = 0; number < 3; number++)
                {
                    Caller.Ok(Syscall.mkdir(mount[$"d{number}"], Posix.PublicDirectory));
                }

                ClientThread<int>[] clients = [.. Enumerable.Range(0, ClientCount).Select(number => new ClientThread<int>(() =>
                {
                    var random = new Random(seed + number);
                    for (int step = 0; step < StepCount; step++)
                    {
                        Step(mount, random);
                    }

                    return number;
                }))];
                while (!Array.TrueForAll(clients, client => client.HasEnded))
                {
                    DropCaches();
                }

                Assert.Equal(Enumerable.Range(0, ClientCount), clients.Select(client => client.Result));
                DropCachesUntilForgotten(probe);
            },
            new FuseSessionOptions { ThreadCount = 3 });
        AssertBalanced(probe);
    }

    private static void UseEveryName(ProbeMount mount)
    {
        Caller.Ok(Syscall.mkdir(mount["d"], Posix.PublicDirectory));
        Posix.Create(mount["d/created"]);
        Caller.Ok(Syscall.mknod(mount["d/made"], FilePermissions.S_IFIFO | Posix.PublicFile, 0));
        Caller.Ok(Syscall.symlink(".", mount["d/symlink"]));
        Caller.Ok(Syscall.link(mount["d/created"], mount["d/linked"]));
        int nameless = (int)Caller.Ok(Native.open(mount["d"], Native.OpenTmpFile | (int)(OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC), 0x180));
        Caller.Ok(Native.linkat(
            Native.CurrentDirectory, $"/proc/self/fd/{nameless}", Native.CurrentDirectory, mount["d/named"], Native.SymlinkFollow));
        Caller.Close(nameless);
        Assert.Equal(5, Posix.List(mount["d"]).Count);
        foreach (string name in Posix.List(mount["d"]))
        {
            Caller.Ok(Syscall.lstat(mount[$"d/{name}"], out _));
        }

        Assert.Equal(5, Posix.List(mount["d/symlink"]).Count);
        Assert.Equal(Errno.ENOENT, Caller.Stat(mount["d/absent"]));
        Caller.Ok(Syscall.rename(mount["d/made"], mount["moved"]));
        Caller.Ok(Syscall.rename(mount["d/linked"], mount["d/named"]));
        Caller.Ok(Native.renameat2(
            Native.CurrentDirectory, mount["moved"], Native.CurrentDirectory, mount["d/symlink"], Native.RenameExchange));
        Caller.Ok(Syscall.unlink(mount["moved"]));
        Caller.Ok(Syscall.rename(mount["d"], mount["e"]));
        Caller.Ok(Syscall.unlink(mount["e/symlink"]));
        Caller.Ok(Syscall.unlink(mount["e/created"]));
        Caller.Ok(Syscall.unlink(mount["e/named"]));
        Caller.Ok(Syscall.rmdir(mount["e"]));
    }

    /// <summary>One call on names that other clients use, too; it may fail for that.</summary>
    private static void Step(ProbeMount mount, Random random)
    {
        string Name() => mount[string.Create(CultureInfo.InvariantCulture, $"d{random.Next(3)}/{random.Next(20)}")];
        int file = -1;
        _ = random.Next(8) switch
        {
            0 or 1 => file = Syscall.open(Name(), OpenFlags.O_CREAT | OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC, Posix.PublicFile),
            2 => Syscall.unlink(Name()),
            3 => Syscall.rename(Name(), Name()),
            4 => Syscall.link(Name(), Name()),
            5 => Posix.List(mount[$"d{random.Next(3)}"]).Count,
            6 => Native.renameat2(Native.CurrentDirectory, Name(), Native.CurrentDirectory, Name(), Native.RenameExchange),
            _ => Syscall.lstat(Name(), out _),
        };
        if (file >= 0)
        {
            Posix.Close(file);
        }
    }

    private static void DropCachesUntilForgotten(ForgetProbe probe) => ProbeMount.WaitUntil(
        () =>
        {
            DropCaches();
            return probe.LookupCount == 0;
        },
        "a kernel without lookups");

    /// <summary>Names and nodes; the cached data of all the machine's files may stay.</summary>
    private static void DropCaches() => File.WriteAllText("/proc/sys/vm/drop_caches", "2");

    private static void AssertBalanced(ForgetProbe probe)
    {
        Assert.Empty(probe.Violations);
        Assert.Equal((0, 0), (probe.LookupCount, probe.KnownNodeCount));
    }
}
