using System.Buffers.Text;
using VfsBlock.Interop;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Volumes;

[Trait("Size", "large")]
public sealed class VolumeLargeTests(ITestOutputHelper output)
{
    [Fact]
    public void Create_MillionNamesInOneDirectory_AreFoundListedAndRemoved()
    {
        const int NameCount = 1_000_000;
        using var fixture = new VolumeFixture();
        Volume volume = fixture.Volume;
        Span<byte> name = stackalloc byte[16];
        TimeSpan start = Environment.CpuUsage.UserTime;
        for (int index = 0; index < NameCount; index++)
        {
            Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, Write(name, index), 0x1A4, VolumeFixture.User, out _));
            if (index % 100_000 == 0)
            {
                fixture.Commit();
            }
        }

        start = Report("create", start);
        for (int index = 0; index < NameCount; index++)
        {
            Assert.Equal(Errno.None, volume.Lookup(InodeNumber.Root, Write(name, index), out _));
        }

        start = Report("lookup", start);
        var counter = new Counter();
        Assert.Equal(Errno.None, volume.ReadDirectory(InodeNumber.Root, 0, ref counter));
        Assert.Equal(NameCount + 2, counter.Count);
        start = Report("list", start);
        for (int index = 0; index < NameCount; index++)
        {
            Assert.Equal(Errno.None, volume.Unlink(InodeNumber.Root, Write(name, index)));
        }

        Report("unlink", start);
        Assert.Single(TreeItems.Read(fixture));

        // The processor's time, so that other work on the machine does not count.
        TimeSpan Report(string what, TimeSpan since)
        {
            output.WriteLine($"{what}: {(Environment.CpuUsage.UserTime - since).TotalMicroseconds / NameCount:f2} us each; {fixture.Store.LiveCount} nodes");
            return Environment.CpuUsage.UserTime;
        }
    }

    private static ReadOnlySpan<byte> Write(Span<byte> name, int index)
    {
        Utf8Formatter.TryFormat(index, name, out int byteCount);
        return name[..byteCount];
    }

    private struct Counter : IDirectoryReader
    {
        private ulong _last;

        public int Count { get; private set; }

        public bool TryAdd(scoped ReadOnlySpan<byte> name, InodeNumber inode, InodeType type, ulong cookie)
        {
            Assert.True(cookie > _last);
            _last = cookie;
            Count++;
            return true;
        }
    }
}
