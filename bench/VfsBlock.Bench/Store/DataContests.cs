using System.Diagnostics;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Bench;

/// <summary>Megabytes a second of file data, beside a file past the page cache and one through it. Every write ends with a flush that is part of the time.</summary>
internal sealed class DataContests : IDisposable
{
    private const int SmallBytes = 4096;
    private const int LargeBytes = 1 << 20;
    private const int SmallCount = 8192;

    private readonly long _fileBytes;
    private readonly string _newPath;
    private readonly NativeBuffer _buffer = new(LargeBytes);
    private readonly Volume _volume;
    private readonly InodeNumber _inode;
    private readonly RawFile _image;
    private readonly RawFile _raw;
    private readonly RawFile _buffered;

    public DataContests(StoreScratch scratch, long fileBytes)
    {
        _fileBytes = fileBytes;
        new Random(1).NextBytes(_buffer.Span);
        string path = scratch.PathOf("data.img");
        Volume.Format(path);
        _volume = Volume.Open(path);
        VolumeNamespace.Check(_volume.Create(InodeNumber.Root, "file"u8, 0x1A4, default, out InodeEntry entry));
        _inode = entry.Number;
        _image = new RawFile(path, isDirect: false);
        _raw = new RawFile(scratch.PathOf("data.raw"), isDirect: true);
        _newPath = scratch.PathOf("data.new");
        _buffered = new RawFile(scratch.PathOf("data.buffered"), isDirect: false);
    }

    /// <summary>The contests, in the order to run them: the first makes the files that the others need.</summary>
    public IEnumerable<Contest> All()
    {
        yield return SequentialWrite();
        yield return SequentialRead();
        yield return RandomWrite();
        yield return RandomRead();
    }

    public void Dispose()
    {
        _image.Dispose();
        _volume.Dispose();
        _raw.Dispose();
        _buffered.Dispose();
        _buffer.Dispose();
    }

    private Contest SequentialWrite()
    {
        var contest = new Contest("Sequential write, 1 MiB at a time", "MB/s");
        contest.Add("raw O_DIRECT, one at a time, in place", () => Write(Sequential(), LargeBytes, _raw));
        contest.Add("raw O_DIRECT, one at a time, a new file", WriteNew);
        contest.Add("VfsBlock", () => WriteVolume(Sequential(), LargeBytes));
        contest.Add("plain file, page cache", () => Write(Sequential(), LargeBytes, _buffered));
        return contest;
    }

    private Contest SequentialRead()
    {
        var contest = new Contest("Sequential read, 1 MiB at a time", "MB/s");
        contest.Add("raw O_DIRECT, one at a time", () => Read(Sequential(), LargeBytes, _raw));
        contest.Add("VfsBlock, nothing cached", () => ReadVolume(Sequential(), LargeBytes, isCold: true));
        contest.Add("plain file, nothing cached", () => ReadCold(Sequential(), LargeBytes));
        contest.Add("VfsBlock, all cached", () => ReadVolume(Sequential(), LargeBytes, isCold: false));
        contest.Add("plain file, all cached", () => Read(Sequential(), LargeBytes, _buffered));
        return contest;
    }

    private Contest RandomWrite()
    {
        var contest = new Contest("Random write, 4 KiB at a time", "MB/s");
        contest.Add("raw O_DIRECT, one at a time", () => Write(AtRandom(), SmallBytes, _raw));
        contest.Add("VfsBlock", () => WriteVolume(AtRandom(), SmallBytes));
        contest.Add("plain file, page cache", () => Write(AtRandom(), SmallBytes, _buffered));
        return contest;
    }

    private Contest RandomRead()
    {
        var contest = new Contest("Random read, 4 KiB at a time", "MB/s");
        contest.Add("raw O_DIRECT, one at a time", () => Read(AtRandom(), SmallBytes, _raw));
        contest.Add("VfsBlock, nothing cached", () => ReadVolume(AtRandom(), SmallBytes, isCold: true));
        contest.Add("plain file, nothing cached", () => ReadCold(AtRandom(), SmallBytes));
        return contest;
    }

    private IEnumerable<long> Sequential()
    {
        for (long offset = 0; offset < _fileBytes; offset += LargeBytes)
        {
            yield return offset;
        }
    }

    private IEnumerable<long> AtRandom()
    {
        var random = new Random(2);
        for (int index = 0; index < SmallCount; index++)
        {
            yield return random.NextInt64(_fileBytes / SmallBytes) * SmallBytes;
        }
    }

    private double Write(IEnumerable<long> offsets, int lengthBytes, RawFile file) => Rate(offsets, lengthBytes, offset => file.Write(_buffer, lengthBytes, offset), file.Flush);

    private double WriteNew()
    {
        double rate;
        using (var file = new RawFile(_newPath, isDirect: true))
        {
            rate = Write(Sequential(), LargeBytes, file);
        }

        File.Delete(_newPath);
        return rate;
    }

    private double WriteVolume(IEnumerable<long> offsets, int lengthBytes) => Rate(
        offsets,
        lengthBytes,
        offset => VolumeNamespace.Check(_volume.Write(_inode, (ulong)offset, _buffer.Span[..lengthBytes]).Error),
        () => VolumeNamespace.Check(_volume.Sync()));

    private double Read(IEnumerable<long> offsets, int lengthBytes, RawFile file) => Rate(offsets, lengthBytes, offset => file.Read(_buffer, lengthBytes, offset), () => { });

    private double ReadCold(IEnumerable<long> offsets, int lengthBytes)
    {
        _buffered.DropCache();
        return Read(offsets, lengthBytes, _buffered);
    }

    private double ReadVolume(IEnumerable<long> offsets, int lengthBytes, bool isCold)
    {
        if (isCold)
        {
            _image.DropCache();
        }

        return Rate(offsets, lengthBytes, offset => ReadFromVolume(offset, lengthBytes), () => { });
    }

    private void ReadFromVolume(long offset, int lengthBytes)
    {
        IoResult result = _volume.Read(_inode, (ulong)offset, _buffer.Span[..lengthBytes]);
        VolumeNamespace.Check(result.Error);
        if (result.Bytes != lengthBytes)
        {
            throw new BenchException($"the volume read {result.Bytes} bytes at {offset} instead of {lengthBytes}");
        }
    }

    private static double Rate(IEnumerable<long> offsets, int lengthBytes, Action<long> transfer, Action finish)
    {
        const double bytesPerMegabyte = 1e6;
        long start = Stopwatch.GetTimestamp();
        long count = 0;
        foreach (long offset in offsets)
        {
            transfer(offset);
            count++;
        }

        finish();
        return count * lengthBytes / bytesPerMegabyte / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
