using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.Storage.Tests.Trees;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>A new volume over nodes in memory, and short words for what tests do all the time. Wrong answers fail the test.</summary>
internal sealed class VolumeFixture : IDisposable
{
    public static readonly Credentials User = new(1000, 100);

    public VolumeFixture(VolumeOptions? options = null, ITransactionLog? log = null)
    {
        Options = (options ?? new VolumeOptions()) with { Clock = Clock };
        Volume = new Volume(new VolumeCore(Store, log ?? new NoLog(), VolumeState.Empty(new HashKey(1, 2)), Options));
        Assert.Equal(Errno.None, Volume.Initialize(0x1ED, User));
    }

    public VolumeOptions Options { get; }

    public MemoryNodeStore Store { get; } = new();

    public ManualClock Clock { get; } = new();

    public Volume Volume { get; private set; }

    public static byte[] Name(string name) => Encoding.UTF8.GetBytes(name);

    /// <summary>Closes the generation, so that nothing is changed in place any more; optionally, nodes go cold.</summary>
    public void Commit(Random? random = null, double coldShare = 0)
    {
        TestTrees.Commit(Store, Volume.Core.Files);
        Store.FinishGeneration();
        if (random is not null)
        {
            Store.Chill(random, coldShare);
        }
    }

    /// <summary>The machine stops after a commit and comes up again.</summary>
    public void Restart()
    {
        Commit();
        Volume = new Volume(new VolumeCore(Store, new NoLog(), Volume.Core.State, Options));
        Assert.Equal(Errno.None, Volume.FindOrphans());
        Assert.Equal(Errno.None, Volume.DeleteOrphans());
    }

    public InodeNumber Create(string name, InodeNumber directory = default, bool hold = false)
    {
        Assert.Equal(Errno.None, Volume.Create(At(directory), Name(name), 0x1A4, User, out InodeEntry entry, hold));
        return entry.Number;
    }

    public InodeNumber MakeDirectory(string name, InodeNumber directory = default, uint permissions = 0x1ED)
    {
        Assert.Equal(Errno.None, Volume.MakeDirectory(At(directory), Name(name), permissions, User, out InodeEntry entry));
        return entry.Number;
    }

    public void Unlink(string name, InodeNumber directory = default) => Assert.Equal(Errno.None, Volume.Unlink(At(directory), Name(name)));

    public InodeItem Attributes(InodeNumber inode)
    {
        Assert.Equal(Errno.None, Volume.GetAttributes(At(inode), out InodeItem attributes));
        return attributes;
    }

    public InodeNumber Find(string name, InodeNumber directory = default)
    {
        Assert.Equal(Errno.None, Volume.Lookup(At(directory), Name(name), out InodeEntry entry));
        return entry.Number;
    }

    public Errno Lookup(string name, InodeNumber directory = default) => Volume.Lookup(At(directory), Name(name), out _);

    public Errno Rename(string oldName, string newName, InodeNumber from = default, InodeNumber to = default, RenameFlags flags = RenameFlags.None) =>
        Volume.Rename(At(from), Name(oldName), At(to), Name(newName), flags);

    public string[] Names(InodeNumber directory = default) =>
        [.. VolumeListing.ReadAll(Volume, At(directory)).Skip(2).Select(entry => entry.Name).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        Volume.Dispose();
        Store.Dispose();
    }

    private static InodeNumber At(InodeNumber inode) => inode.IsNone ? InodeNumber.Root : inode;
}
