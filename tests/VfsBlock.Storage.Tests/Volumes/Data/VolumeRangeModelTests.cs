using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>Everything that changes ranges of files, at random, beside arrays of bytes.</summary>
public sealed class VolumeRangeModelTests(ITestOutputHelper output)
{
    private const int MaxBytes = 700_000;
    private const int BlockBytes = DataFixture.BlockBytes;

    [Theory]
    [InlineData(32, 16 << 20)]
    [InlineData(2, 1 << 20)]
    public void Operations_OnSeveralFiles_MatchArrays(int maxExtents, int bufferBytes) => Run(maxExtents, bufferBytes, VolumeGround.Simulated);

    [Fact]
    public void Operations_OnSeveralFilesOfAMappedVolume_MatchArrays() => Run(32, 1 << 20, VolumeGround.Mapped);

    [LoopDeviceFact]
    public void Operations_OnSeveralFilesOfABlockDevice_MatchArrays() => Run(32, 16 << 20, VolumeGround.Loop);

    private void Run(int maxExtents, int bufferBytes, VolumeGround ground)
    {
        var random = new Random(RandomSeed.Take(output));
        using var fixture = new DataFixture(new VolumeOptions { MaxExtentsPerChange = maxExtents, WriteBufferBytes = bufferBytes }, ground: ground);
        VolumeStatistics empty = fixture.Settle();
        string[] names = ["a", "b", "c"];
        InodeNumber[] files = Array.ConvertAll(names, fixture.Create);
        byte[][] models = [[], [], []];
        for (int step = 0; step < 500; step++)
        {
            int index = random.Next(files.Length);
            string what = Step(fixture, random, files, models, index);
            try
            {
                for (int file = 0; file < files.Length; file++)
                {
                    fixture.AssertContent(files[file], models[file]);
                    Assert.Equal((ulong)models[file].Length, fixture.Attributes(files[file]).SizeBytes);
                }

                AssertSeeks(fixture.Open, files[index], models[index], random);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"after step {step}, {what} on file {index}", exception);
            }
        }

        foreach (string name in names)
        {
            fixture.Unlink(name);
        }

        VolumeStatistics after = fixture.Settle();
        Assert.Equal(0UL, after.DataBlocks);
        Assert.Equal(empty, after with { TotalBlocks = empty.TotalBlocks });
        fixture.AssertClean();
    }

    private static string Step(DataFixture fixture, Random random, InodeNumber[] files, byte[][] models, int index)
    {
        Volume volume = fixture.Open;
        InodeNumber inode = files[index];
        ref byte[] model = ref models[index];
        bool isSmall = random.Next(4) == 0;
        int offset = random.Next(isSmall ? 3000 : MaxBytes);
        int length = random.Next(1, random.Next(3) == 0 ? 200_000 : 9000);
        if (random.Next(3) == 0)
        {
            offset -= offset % BlockBytes;
            length += BlockBytes - (length % BlockBytes);
        }

        bool keepsSize = random.Next(2) == 0;
        switch (random.Next(16))
        {
            case 0:
                ulong[] before = Array.ConvertAll(files, file => fixture.Attributes(file).BlockCount);
                Assert.Equal(Errno.None, volume.Sync());
                Assert.Equal(before, Array.ConvertAll(files, file => fixture.Attributes(file).BlockCount));
                return "sync";
            case 1:
                Assert.Equal(Errno.None, volume.Checkpoint());
                return "checkpoint";
            case 2:
                fixture.Reopen();
                return "reopen";
            case 3:
                Assert.Equal(Errno.None, volume.SetSize(inode, (ulong)offset));
                Array.Resize(ref model, offset);
                return $"size {offset}";
            case 4 or 5:
                Assert.Equal(Errno.None, volume.PunchHole(inode, (ulong)offset, (ulong)length));
                Clear(model, offset, length);
                return $"punch {offset} {length}";
            case 6:
                Assert.Equal(Errno.None, volume.ZeroRange(inode, (ulong)offset, (ulong)length, keepsSize));
                Grow(ref model, keepsSize ? 0 : offset + length);
                Clear(model, offset, length);
                return $"zero {offset} {length} {keepsSize}";
            case 7 or 8:
                Assert.Equal(Errno.None, volume.Allocate(inode, (ulong)offset, (ulong)length, keepsSize));
                Grow(ref model, keepsSize ? 0 : offset + length);
                return $"allocate {offset} {length} {keepsSize}";
            case 9:
                return Collapse(volume, inode, ref model, offset, length);
            case 10:
                return Insert(volume, inode, ref model, offset, length);
            case 11 or 12:
                return Copy(volume, random, files, models, index, offset, length);
            default:
                byte[] data = DataFixture.Pattern(length, random.Next());
                fixture.Write(inode, offset, data);
                Grow(ref model, offset + length);
                data.CopyTo(model, offset);
                return $"write {offset} {length}";
        }
    }

    private static string Collapse(Volume volume, InodeNumber inode, ref byte[] model, int offset, int length)
    {
        Errno error = volume.CollapseRange(inode, (ulong)offset, (ulong)length);
        bool isWrong = offset % BlockBytes != 0 || length % BlockBytes != 0 || offset + length >= model.Length;
        Assert.Equal(isWrong ? Errno.EINVAL : Errno.None, error);
        if (!isWrong)
        {
            model = [.. model[..offset], .. model[(offset + length)..]];
        }

        return $"collapse {offset} {length}: {error}";
    }

    private static string Insert(Volume volume, InodeNumber inode, ref byte[] model, int offset, int length)
    {
        Errno error = volume.InsertRange(inode, (ulong)offset, (ulong)length);
        bool isWrong = offset % BlockBytes != 0 || length % BlockBytes != 0 || offset >= model.Length;
        Assert.Equal(isWrong ? Errno.EINVAL : Errno.None, error);
        if (!isWrong)
        {
            model = [.. model[..offset], .. new byte[length], .. model[offset..]];
        }

        return $"insert {offset} {length}: {error}";
    }

    private static string Copy(Volume volume, Random random, InodeNumber[] files, byte[][] models, int index, int offset, int length)
    {
        int from = random.Next(files.Length);
        int sourceOffset = random.Next(2) == 0 ? offset : Math.Max(0, (offset % BlockBytes) + (random.Next(100) * BlockBytes));
        byte[] source = models[from];
        int expected = Math.Min(length, Math.Max(0, source.Length - sourceOffset));
        Errno error = volume.CopyRange(files[from], (ulong)sourceOffset, files[index], (ulong)offset, (ulong)length, out ulong copied);
        bool overlaps = from == index && sourceOffset < offset + expected && offset < sourceOffset + expected;
        Assert.Equal(overlaps ? Errno.EINVAL : Errno.None, error);
        if (!overlaps)
        {
            Assert.Equal((ulong)expected, copied);
            byte[] bytes = source.AsSpan(Math.Min(sourceOffset, source.Length), expected).ToArray();
            Grow(ref models[index], expected == 0 ? 0 : offset + expected);
            bytes.CopyTo(models[index], expected == 0 ? 0 : offset);
        }

        return $"copy {length} from {sourceOffset} of {from} to {offset}: {error}";
    }

    // Data that is not zero must be found; a hole must be zeros.
    private static void AssertSeeks(Volume volume, InodeNumber inode, byte[] model, Random random)
    {
        if (model.Length == 0)
        {
            Assert.Equal(Errno.ENXIO, volume.SeekData(inode, 0, out _));
            return;
        }

        int position = random.Next(model.Length);
        Assert.Equal(Errno.None, volume.SeekHole(inode, (ulong)position, out ulong hole));
        Assert.InRange(hole, (ulong)position, (ulong)model.Length);
        Errno error = volume.SeekData(inode, (ulong)position, out ulong data);
        int end = error == Errno.ENXIO ? model.Length : (int)data;
        Assert.True(error is Errno.None or Errno.ENXIO);
        Assert.Equal(-1, model.AsSpan(position, end - position).IndexOfAnyExcept((byte)0));
        Assert.True(hole == (ulong)position || error == Errno.None && data == (ulong)position, "neither data nor a hole begins where the search does");
    }

    private static void Grow(ref byte[] model, int length) => Array.Resize(ref model, Math.Max(model.Length, length));

    private static void Clear(byte[] model, int offset, int length)
    {
        int end = Math.Min(model.Length, offset + length);
        if (offset < end)
        {
            Array.Clear(model, offset, end - offset);
        }
    }
}
