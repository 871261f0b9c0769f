using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Bench;

/// <summary>How often a second 4 KiB become durable, one caller or many at once. SQLite has one writer at a time, so many are no faster than one and it is not in that table.</summary>
internal sealed class FlushContests(StoreScratch scratch, TimeSpan duration) : IDisposable
{
    private const int BlockBytes = 4096;
    private const int ThreadCount = 16;

    // None of those that are counted up.
    private const ulong DatabaseFileNumber = 1UL << 59;

    private readonly Volume _volume = OpenVolume(scratch.PathOf("flush.img"));
    private readonly RawFile _raw = new(scratch.PathOf("flush.raw"), isDirect: true);
    private readonly RawFile _buffered = new(scratch.PathOf("flush.buffered"), isDirect: false);
    private readonly SqliteNamespace? _database = SqliteLibrary.IsThere ? new SqliteNamespace(scratch.PathOf("flush.sqlite"), "FULL") : null;
    private readonly NativeBuffer[] _buffers = [.. Enumerable.Range(0, ThreadCount).Select(_ => new NativeBuffer(BlockBytes))];
    private readonly InodeNumber[] _inodes = new InodeNumber[ThreadCount];
    private readonly byte[] _databaseName = new byte[FileNames.BufferBytes];
    private int _databaseNameBytes;
    private ulong _nextNumber;

    /// <summary>Prepares what is written to.</summary>
    public void Prepare()
    {
        _databaseNameBytes = FileNames.Write(_databaseName, DatabaseFileNumber).Length;
        _database?.Create(_databaseName.AsSpan(0, _databaseNameBytes));
        for (int thread = 0; thread < ThreadCount; thread++)
        {
            VolumeNamespace.Check(_volume.Create(InodeNumber.Root, [(byte)('a' + thread)], 0x1A4, default, out InodeEntry entry));
            _inodes[thread] = entry.Number;
            WriteToVolume(thread);
            _raw.Write(_buffers[thread], BlockBytes, (long)thread * BlockBytes);
            _buffered.Write(_buffers[thread], BlockBytes, (long)thread * BlockBytes);
        }
    }

    public Contest OneThread()
    {
        var contest = new Contest("Durable 4 KiB writes, 1 thread", "a second");
        contest.Add("raw: pwrite O_DIRECT in place, fdatasync", () => Rate(1, WriteRaw));
        contest.Add("VfsBlock: write, sync", () => Rate(1, WriteToVolume));
        contest.Add("VfsBlock: create, sync", () => Rate(1, CreateInVolume));
        contest.Add("plain file: pwrite in place, fdatasync", () => Rate(1, WriteBuffered));
        if (_database is { } database)
        {
            contest.Add($"{database.Title}, WAL, synchronous=FULL: insert an empty file", () => Rate(1, _ => CreateInDatabase(database)));
            contest.Add($"{database.Title}, WAL, synchronous=FULL: replace 4 KiB", () => Rate(1, _ => WriteToDatabase(database)));
        }

        return contest;
    }

    public Contest ManyThreads()
    {
        var contest = new Contest($"Durable 4 KiB writes, {ThreadCount} threads", "a second");
        contest.Add("raw: pwrite O_DIRECT in place, fdatasync", () => Rate(ThreadCount, WriteRaw));
        contest.Add("VfsBlock: write, sync", () => Rate(ThreadCount, WriteToVolume));
        contest.Add("plain file: pwrite in place, fdatasync", () => Rate(ThreadCount, WriteBuffered));
        return contest;
    }

    public void Dispose()
    {
        _volume.Dispose();
        _raw.Dispose();
        _buffered.Dispose();
        _database?.Dispose();
        Array.ForEach(_buffers, buffer => buffer.Dispose());
    }

    private static Volume OpenVolume(string path)
    {
        Volume.Format(path);
        return Volume.Open(path);
    }

    private void WriteRaw(int thread)
    {
        _raw.Write(_buffers[thread], BlockBytes, (long)thread * BlockBytes);
        _raw.Flush();
    }

    private void WriteBuffered(int thread)
    {
        _buffered.Write(_buffers[thread], BlockBytes, (long)thread * BlockBytes);
        _buffered.Flush();
    }

    private void WriteToVolume(int thread)
    {
        VolumeNamespace.Check(_volume.Write(_inodes[thread], 0, _buffers[thread].Span).Error);
        VolumeNamespace.Check(_volume.Sync());
    }

    private void CreateInVolume(int thread)
    {
        Span<byte> name = stackalloc byte[FileNames.BufferBytes];
        VolumeNamespace.Check(_volume.Create(InodeNumber.Root, FileNames.Write(name, _nextNumber++), 0x1A4, default, out _));
        VolumeNamespace.Check(_volume.Sync());
    }

    private void CreateInDatabase(SqliteNamespace database)
    {
        Span<byte> name = stackalloc byte[FileNames.BufferBytes];
        database.Create(FileNames.Write(name, _nextNumber++));
    }

    // Never the same: SQLite writes nothing if nothing changes.
    private void WriteToDatabase(SqliteNamespace database)
    {
        MemoryMarshal.Write(_buffers[0].Span, _nextNumber++);
        database.Write(_databaseName.AsSpan(0, _databaseNameBytes), _buffers[0].Span);
    }

    private double Rate(int threadCount, Action<int> writeDurably)
    {
        long start = Stopwatch.GetTimestamp();
        long total = 0;
        ExceptionDispatchInfo? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, threadCount).Select(thread => new Thread(() =>
        {
            try
            {
                long count = 0;
                while (Stopwatch.GetElapsedTime(start) < duration)
                {
                    writeDurably(thread);
                    count++;
                }

                Interlocked.Add(ref total, count);
            }
            catch (BenchException exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        failure?.Throw();
        return total / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
