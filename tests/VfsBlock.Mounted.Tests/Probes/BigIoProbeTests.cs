using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Mounted.Tests;

/// <summary>Requests far larger than the 128 KiB of a kernel that was not asked for more, at any offset and of any size.</summary>
public sealed class BigIoProbeTests
{
    private const int DefaultRequestBytes = 128 << 10;
    private const int MegaByte = 1 << 20;
    private const int FileBytes = 3 * MegaByte;
    private readonly ITestOutputHelper _output;

    public BigIoProbeTests(ITestOutputHelper output) => _output = output;

    [MountedFact]
    public void WriteAndRead_OneMegaByteDirect_AreOneRequestEach() => Run(OpenFlags.Direct, (probe, file) =>
    {
        // Whole pages of memory as well: a part of a page more would be a page too many.
        using NativeBuffer buffer = new(MegaByte);
        byte[] written = ProbeFileSystem.Pattern(MegaByte, seed: 1);
        written.CopyTo(buffer.Span);
        Assert.Equal(IoResult.Ok(MegaByte), file.WriteAt(buffer.Span, 0));
        Assert.Equal(written, probe.Content().AsSpan(0, MegaByte).ToArray());
        buffer.Span.Clear();
        Assert.Equal(IoResult.Ok(MegaByte), file.ReadAt(buffer.Span, 0));
        Assert.Equal(written, buffer.Span.ToArray());
        Assert.Equal((1, 1), (probe.Count(FuseOpcode.Write), probe.Count(FuseOpcode.Read)));
        Assert.Equal((MegaByte, MegaByte), (probe.LargestWriteBytes, probe.LargestReadBytes));
    });

    [MountedFact]
    public void WriteAndRead_AtRandomDirect_KeepEveryByte() => Run(OpenFlags.Direct, (probe, file) =>
    {
        Exercise(probe, file);
        Assert.InRange(probe.LargestWriteBytes, DefaultRequestBytes + 1, MegaByte);
        Assert.InRange(probe.LargestReadBytes, DefaultRequestBytes + 1, MegaByte);
    });

    [MountedFact]
    public void WriteAndRead_AtRandomThroughTheCache_KeepEveryByte() => Run(default, (probe, file) =>
    {
        Exercise(probe, file);
        Assert.InRange(probe.LargestWriteBytes, DefaultRequestBytes + 1, MegaByte);
    });

    /// <summary>By root: through the cache, a READ is as large as the read-ahead, and only root may raise that.</summary>
    [DirectMountFact]
    public void Read_ThroughTheCacheWithMoreReadAhead_IsOfLargeRequests()
    {
        var probe = new BigIoProbe { EntrySeconds = 1000, AttrSeconds = 1000 };
        byte[] content = ProbeFileSystem.Pattern(FileBytes, seed: 3);
        probe.SetContent(content);
        ProbeMount.Run(probe, mount =>
        {
            Assert.Equal(Errno.None, mount.Session.ActiveMount!.Connection.Apply(new BdiSettings { ReadAheadKiB = 1024 }));
            using HostFile file = HostFile.Open(mount.File, OpenFlags.ReadOnly);
            byte[] read = new byte[FileBytes];
            Assert.Equal(IoResult.Ok(FileBytes), file.ReadExactlyAt(read, 0));
            Assert.Equal(content, read);
            Assert.InRange(probe.LargestReadBytes, DefaultRequestBytes + 1, MegaByte);
        });
    }

    private static void Run(OpenFlags flags, Action<BigIoProbe, HostFile> test)
    {
        var probe = new BigIoProbe { EntrySeconds = 1000, AttrSeconds = 1000 };
        probe.SetContent(ProbeFileSystem.Pattern(FileBytes, seed: 2));
        ProbeMount.Run(probe, mount =>
        {
            using HostFile file = HostFile.Open(mount.File, OpenFlags.ReadWrite | flags);
            test(probe, file);
        });
    }

    /// <summary>Writes and reads pieces of up to a megabyte at any offset, whole or in parts, and holds a copy against them.</summary>
    private void Exercise(BigIoProbe probe, HostFile file)
    {
        const int RoundCount = 60;
        var random = new Random(RandomSeed.Take(_output));
        byte[] expected = probe.Content();
        using NativeBuffer buffer = new(MegaByte);
        for (int round = 0; round < RoundCount; round++)
        {
            // The first two are as large as can be; a random size may be small.
            int lengthBytes = round < 2 ? MegaByte : random.Next(1, MegaByte + 1);
            int offsetBytes = random.Next(FileBytes - lengthBytes + 1);
            Span<byte> part = expected.AsSpan(offsetBytes, lengthBytes);
            IoVec[] vectors = Cut(random, buffer, lengthBytes);
            if (round % 2 == 0)
            {
                random.NextBytes(part);
                part.CopyTo(buffer.Span);
                Assert.Equal(IoResult.Ok(lengthBytes), file.WriteAllAt(vectors, offsetBytes));
                Assert.True(part.SequenceEqual(probe.Content().AsSpan(offsetBytes, lengthBytes)), $"write {round}: {lengthBytes} bytes at {offsetBytes}");
            }
            else
            {
                buffer.Span.Clear();
                Assert.Equal(IoResult.Ok(lengthBytes), file.ReadExactlyAt(vectors, offsetBytes));
                Assert.True(part.SequenceEqual(buffer.Span[..lengthBytes]), $"read {round}: {lengthBytes} bytes at {offsetBytes}");
            }
        }

        Assert.Equal(expected, probe.Content());
    }

    /// <summary>One vector, or several of random lengths.</summary>
    private static IoVec[] Cut(Random random, NativeBuffer buffer, int lengthBytes)
    {
        int count = random.Next(2) == 0 ? 1 : random.Next(2, 9);
        int[] ends = [.. Enumerable.Range(1, count - 1).Select(_ => random.Next(lengthBytes + 1)).Order(), lengthBytes];
        int start = 0;
        var vectors = new List<IoVec>();
        foreach (int end in ends)
        {
            vectors.Add(new IoVec(buffer, start, end - start));
            start = end;
        }

        return [.. vectors];
    }
}
