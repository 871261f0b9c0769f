using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;
using Errno = VfsBlock.Interop.Errno;
using IoResult = VfsBlock.Interop.IoResult;

namespace VfsBlock.Mounted.Tests;

/// <summary>What the kernel caches on a file system's word, and how it is made to let go: by counts of messages.</summary>
public sealed class CachingProbeTests
{
    private const ulong ADay = 86_400;
    private const int StatCount = 10;
    private const int PageBytes = 4096;

    [MountedFact]
    public void Stat_NothingMayBeCached_AsksEachTime()
    {
        var probe = new ProbeFileSystem();
        ProbeMount.Run(probe, mount =>
        {
            StatOften(mount);
            Assert.Equal((StatCount, StatCount), (probe.Count(FuseOpcode.Lookup), probe.Count(FuseOpcode.GetAttr)));
        });
    }

    [MountedFact]
    public void Stat_EntryAndAttributesCached_AsksOnce()
    {
        var probe = new ProbeFileSystem { EntrySeconds = ADay, AttrSeconds = ADay };
        ProbeMount.Run(probe, mount =>
        {
            StatOften(mount);
            Assert.Equal((1, 0), (probe.Count(FuseOpcode.Lookup), probe.Count(FuseOpcode.GetAttr)));
        });
    }

    [MountedFact]
    public void Stat_OnlyEntryCached_AsksForAttributesEachTime()
    {
        var probe = new ProbeFileSystem { EntrySeconds = ADay };
        ProbeMount.Run(probe, mount =>
        {
            StatOften(mount);
            Assert.Equal((1, StatCount), (probe.Count(FuseOpcode.Lookup), probe.Count(FuseOpcode.GetAttr)));
        });
    }

    [MountedFact]
    public void Stat_OnlyAttributesCached_LooksUpEachTime()
    {
        var probe = new ProbeFileSystem { AttrSeconds = ADay };
        ProbeMount.Run(probe, mount =>
        {
            StatOften(mount);
            Assert.Equal((StatCount, 0), (probe.Count(FuseOpcode.Lookup), probe.Count(FuseOpcode.GetAttr)));
        });
    }

    [MountedFact]
    public void Stat_AbsentName_IsAskedForUnlessAbsenceMayBeCached()
    {
        foreach ((ulong absenceSeconds, int lookupCount) in new[] { (0ul, StatCount), (ADay, 1) })
        {
            var probe = new ProbeFileSystem { AbsenceSeconds = absenceSeconds };
            ProbeMount.Run(probe, mount =>
            {
                for (int index = 0; index < StatCount; index++)
                {
                    Assert.Equal(Errno.ENOENT, Caller.Stat(mount["absent"]));
                }

                Assert.Equal(lookupCount, probe.Count(FuseOpcode.Lookup));
            });
        }
    }

    [MountedFact]
    public void InvalidateEntry_CachedAbsence_ShowsTheNewName()
    {
        var probe = new ProbeFileSystem { AbsenceSeconds = ADay, IsFileGone = true };
        ProbeMount.Run(probe, mount =>
        {
            Assert.Equal(Errno.ENOENT, Caller.Stat(mount.File));
            probe.IsFileGone = false;
            Assert.Equal(Errno.ENOENT, Caller.Stat(mount.File));
            Assert.Equal(Errno.None, mount.Session.Notifier.InvalidateEntry(NodeId.Root, "file"u8));
            Assert.Equal(Errno.None, Caller.Stat(mount.File));
        });
    }

    [MountedFact]
    public void InvalidateEntry_CachedName_IsLookedUpAgain() =>
        AssertNameGoes(notifier => notifier.InvalidateEntry(NodeId.Root, "file"u8));

    [MountedFact]
    public void Delete_CachedName_IsLookedUpAgain() =>
        AssertNameGoes(notifier => notifier.Delete(NodeId.Root, ProbeFileSystem.FileNode, "file"u8));

    [MountedFact]
    public void InvalidateAttributes_CachedSize_ShowsTheNewOne()
    {
        var probe = new ProbeFileSystem { EntrySeconds = ADay, AttrSeconds = ADay };
        ProbeMount.Run(probe, mount =>
        {
            Assert.Equal(PageBytes, Caller.Size(mount.File));
            probe.SetContent(new byte[10]);
            Assert.Equal(PageBytes, Caller.Size(mount.File));
            Assert.Equal(Errno.None, mount.Session.Notifier.InvalidateAttributes(ProbeFileSystem.FileNode));
            Assert.Equal(10, Caller.Size(mount.File));
        });
    }

    [MountedFact]
    public void Notify_NodeOrNameUnknownToTheKernel_IsENOENT() => ProbeMount.Run(new ProbeFileSystem(), mount =>
    {
        FuseNotifier notifier = mount.Session.Notifier;
        Assert.Equal(Errno.ENOENT, notifier.InvalidateAttributes(new NodeId(77)));
        Assert.Equal(Errno.ENOENT, notifier.InvalidateEntry(new NodeId(77), "file"u8));
        Assert.Equal(Errno.ENOENT, notifier.Store(new NodeId(77), 0, new byte[PageBytes]));
    });

    [MountedFact]
    public void Read_OfACachedFileOpenedAgain_CostsNoMessageUntilInvalidated()
    {
        var probe = new ProbeFileSystem { EntrySeconds = ADay, AttrSeconds = ADay };
        byte[] first = probe.Content();
        byte[] second = ProbeFileSystem.Pattern(PageBytes, seed: 1);
        ProbeMount.Run(probe, mount =>
        {
            Assert.Equal(first, Caller.Read(mount.File, PageBytes));
            long readCount = probe.Count(FuseOpcode.Read);
            probe.SetContent(second);
            Assert.Equal(first, Caller.Read(mount.File, PageBytes));
            Assert.Equal(readCount, probe.Count(FuseOpcode.Read));
            Assert.Equal(0, probe.Count(FuseOpcode.Open));
            Assert.Equal(Errno.None, mount.Session.Notifier.InvalidateData(ProbeFileSystem.FileNode));
            Assert.Equal(second, Caller.Read(mount.File, PageBytes));
            Assert.Equal(readCount + 1, probe.Count(FuseOpcode.Read));
        });
    }

    [MountedFact]
    public void Open_Served_DropsTheCacheUnlessToldToKeepIt()
    {
        foreach ((FuseOpenFlags flags, int readCount) in new[] { (FuseOpenFlags.None, 2), (FuseOpenFlags.KeepCache, 1) })
        {
            var probe = new ProbeFileSystem { IsOpenServed = true, OpenFlags = flags, EntrySeconds = ADay, AttrSeconds = ADay };
            ProbeMount.Run(probe, mount =>
            {
                Caller.Read(mount.File, PageBytes);
                Caller.Read(mount.File, PageBytes);
                Assert.Equal((2, readCount), (probe.Count(FuseOpcode.Open), probe.Count(FuseOpcode.Read)));
            });
        }
    }

    [MountedFact]
    public void Store_BeforeARead_SparesItTheMessage()
    {
        var probe = new ProbeFileSystem { EntrySeconds = ADay, AttrSeconds = ADay };
        byte[] stored = ProbeFileSystem.Pattern(PageBytes, seed: 3);
        ProbeMount.Run(probe, mount =>
        {
            int file = Caller.Open(mount.File);
            Assert.Equal(Errno.None, mount.Session.Notifier.Store(ProbeFileSystem.FileNode, 0, stored));
            Assert.Equal(stored, Caller.ReadAt(file, 0, PageBytes));
            Assert.Equal(0, probe.Count(FuseOpcode.Read));
            Caller.Close(file);
        });
    }

    [MountedFact]
    public void Retrieve_CachedData_GivesItBack()
    {
        var probe = new ProbeFileSystem { EntrySeconds = ADay, AttrSeconds = ADay };
        ProbeMount.Run(probe, mount =>
        {
            FuseNotifier notifier = mount.Session.Notifier;
            int file = Caller.Open(mount.File, OpenFlags.O_RDONLY);
            byte[] buffer = new byte[PageBytes];
            Assert.Equal(IoResult.Ok(0), notifier.Retrieve(ProbeFileSystem.FileNode, 0, buffer, ProbeMount.Patience));
            byte[] expected = Caller.ReadAt(file, 0, PageBytes);
            Assert.Equal(IoResult.Ok(PageBytes), notifier.Retrieve(ProbeFileSystem.FileNode, 0, buffer, ProbeMount.Patience));
            Assert.Equal(expected, buffer);
            Caller.Close(file);
        });
    }

    private static void StatOften(ProbeMount mount)
    {
        for (int index = 0; index < StatCount; index++)
        {
            Assert.Equal(Errno.None, Caller.Stat(mount.File));
        }
    }

    private static void AssertNameGoes(Func<FuseNotifier, Errno> notify)
    {
        var probe = new ProbeFileSystem { EntrySeconds = ADay, AttrSeconds = ADay };
        ProbeMount.Run(probe, mount =>
        {
            Assert.Equal(Errno.None, Caller.Stat(mount.File));
            probe.IsFileGone = true;
            Assert.Equal(Errno.None, Caller.Stat(mount.File));
            Assert.Equal(Errno.None, notify(mount.Session.Notifier));
            Assert.Equal(Errno.ENOENT, Caller.Stat(mount.File));
            Assert.Equal(2, probe.Count(FuseOpcode.Lookup));
        });
    }
}
