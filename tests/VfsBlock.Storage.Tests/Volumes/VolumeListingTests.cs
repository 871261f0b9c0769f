using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Volumes;

public sealed class VolumeListingTests(ITestOutputHelper output) : IDisposable
{
    private readonly VolumeFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void ReadDirectory_Empty_HasTheTwoDots()
    {
        InodeNumber directory = _fixture.MakeDirectory("d");
        List<ListedEntry> entries = VolumeListing.ReadAll(_fixture.Volume, directory, withAttributes: false);
        Assert.Equal([(".", directory, 1UL), ("..", InodeNumber.Root, 2UL)], entries.Select(entry => (entry.Name, entry.Number, entry.Cookie)));
        Assert.All(entries, entry => Assert.Equal(InodeType.Directory, entry.Type));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(7, true)]
    [InlineData(1000, false)]
    public void ReadDirectory_InPieces_GivesEveryNameOnce(int pieceCount, bool withAttributes)
    {
        const int NameCount = 500;
        for (int index = 0; index < NameCount; index++)
        {
            _fixture.Create($"file {index}");
        }

        _fixture.Commit(new Random(1), 0.5);
        List<ListedEntry> entries = VolumeListing.ReadAll(_fixture.Volume, InodeNumber.Root, withAttributes, pieceCount);
        Assert.Equal(NameCount + 2, entries.Count);
        Assert.Equal(NameCount + 2, entries.Select(entry => entry.Name).Distinct().Count());
        Assert.True(entries.Zip(entries.Skip(1)).All(pair => pair.First.Cookie < pair.Second.Cookie));
        Assert.All(entries.Skip(2), entry => Assert.Equal(entry.Number, _fixture.Find(entry.Name)));
    }

    [Fact]
    public void ReadDirectory_WhileNamesComeAndGo_NeitherRepeatsNorMissesAStableName()
    {
        int seed = RandomSeed.Take(output);
        var random = new Random(seed);
        HashSet<string> stable = [.. Enumerable.Range(0, 300).Select(index => $"stable {index}")];
        foreach (string name in stable)
        {
            _fixture.Create(name);
        }

        for (int round = 0; round < 10; round++)
        {
            List<ListedEntry> entries = [];
            int before;
            do
            {
                before = entries.Count;
                var collector = new EntryCollector(entries, 1 + random.Next(9));
                Assert.Equal(Errno.None, _fixture.Volume.ReadDirectory(InodeNumber.Root, before == 0 ? 0 : entries[^1].Cookie, ref collector));
                Disturb(random);
            }
            while (entries.Count > before);

            Assert.Equal(entries.Count, entries.Select(entry => entry.Cookie).Distinct().Count());
            List<string> seen = [.. entries.Select(entry => entry.Name).Where(stable.Contains)];
            Assert.Equal(stable.Count, seen.Count);
            Assert.Equal(stable.Count, seen.Distinct().Count());
        }
    }

    [Fact]
    public void ReadDirectory_AnyCookie_IsAPlace()
    {
        _fixture.Create("a");
        List<ListedEntry> entries = VolumeListing.ReadAll(_fixture.Volume, InodeNumber.Root);
        ulong cookie = entries[^1].Cookie;
        Assert.Equal(["a"], From(cookie - 1));
        Assert.Empty(From(cookie));
        Assert.Equal(["a"], From(2));
        Assert.Equal(["..", "a"], From(1));
        Assert.Empty(From(FileKey.MaxSub + 3));
        Assert.Empty(From(long.MaxValue));
        Assert.Empty(From(ulong.MaxValue));
    }

    [Fact]
    public void ReadDirectory_RemovedWhereItWas_GoesOnBehindIt()
    {
        for (int index = 0; index < 50; index++)
        {
            _fixture.Create($"{index}");
        }

        List<ListedEntry> all = VolumeListing.ReadAll(_fixture.Volume, InodeNumber.Root);
        ListedEntry middle = all[all.Count / 2];
        _fixture.Unlink(middle.Name);
        Assert.Equal(all.SkipWhile(entry => entry.Cookie <= middle.Cookie).Select(entry => entry.Name), From(middle.Cookie));
    }

    [Fact]
    public void ReadDirectory_NoDirectory_IsRefused()
    {
        List<ListedEntry> entries = [];
        var collector = new EntryCollector(entries, 9);
        Assert.Equal(Errno.ENOTDIR, _fixture.Volume.ReadDirectory(_fixture.Create("a"), 0, ref collector));
        Assert.Equal(Errno.ESTALE, _fixture.Volume.ReadDirectory(new InodeNumber(99), 0, ref collector));
        Assert.Empty(entries);
    }

    private void Disturb(Random random)
    {
        string name = $"passing {random.Next(40)}";
        if (_fixture.Lookup(name) == Errno.None)
        {
            _fixture.Unlink(name);
        }
        else if (random.Next(2) == 0)
        {
            _fixture.Create(name);
        }
        else
        {
            // A name that is replaced by rename stays where it is.
            _fixture.Create(name);
            Assert.Equal(Errno.None, _fixture.Rename(name, $"stable {random.Next(300)}"));
        }

        if (random.Next(5) == 0)
        {
            _fixture.Commit(random, 0.3);
        }
    }

    private List<string> From(ulong cookie)
    {
        List<ListedEntry> entries = [];
        var collector = new EntryCollector(entries, 1000);
        Assert.Equal(Errno.None, _fixture.Volume.ReadDirectory(InodeNumber.Root, cookie, ref collector));
        return [.. entries.Select(entry => entry.Name)];
    }
}
