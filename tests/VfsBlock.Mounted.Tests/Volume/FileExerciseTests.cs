using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// Random reads, writes, truncations, mappings, holes and copies on one file, each checked against an array: the manner
/// of fsx. The server is another process, since a fault in a mapping must not wait for a server that shares its memory.
/// </summary>
public sealed class FileExerciseTests(ITestOutputHelper output)
{
    private const int StepCount = 2000;
    private const int MaxBytes = 256 * 1024;
    private const int MapShared = 1;
    private const int ReadWrite = 3;

    [MountedFact]
    public void File_ExercisedAtRandom_HoldsWhatWasWritten()
    {
        using var mount = new ToolMount();
        new Exercise(mount["f"], RandomSeed.Take(output)).Run();
    }

    [MountedFact]
    public void File_ExercisedWithWritebackCache_HoldsWhatWasWritten()
    {
        using var mount = new ToolMount("-o", "writeback_cache");
        new Exercise(mount["f"], RandomSeed.Take(output)).Run();
    }

    private sealed class Exercise(string path, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly byte[] _model = new byte[MaxBytes];
        private readonly byte[] _buffer = new byte[MaxBytes];
        private int _sizeBytes;
        private int _file = Posix.Open(path, Posix.ReadWriteNew);

        public void Run()
        {
            for (int step = 0; step < StepCount; step++)
            {
                int start = _random.Next(MaxBytes);
                int length = _random.Next(1, Math.Min(MaxBytes - start, 40_000) + 1);
                string what = Take(_random.Next(12), start, length);
                Check($"step {step} of seed {seed}: {what} at {start}, {length} bytes", step % 50 == 0);
            }

            Check($"the end of seed {seed}", isWhole: true);
            Posix.Close(_file);
        }

        private string Take(int choice, int start, int length)
        {
            switch (choice)
            {
                case 0 or 1 or 2:
                    _random.NextBytes(_model.AsSpan(start, length));
                    Posix.WriteAt(_file, start, _model.AsSpan(start, length));
                    _sizeBytes = Math.Max(_sizeBytes, start + length);
                    return "write";
                case 3 or 4:
                    Compare("read", start, length, Posix.ReadAt(_file, start, length));
                    return "read";
                case 5:
                    Posix.Ok(Syscall.ftruncate(_file, start));
                    Cut(start);
                    return "truncate";
                case 6 or 7:
                    return Map(start, length, writes: choice == 6);
                case 8:
                    Posix.Ok(Native.fallocate(_file, Native.PunchHole | Native.KeepSize, start, length));
                    Clear(start, Math.Min(start + length, _sizeBytes));
                    return "punch";
                case 9:
                    Posix.Ok(Native.fallocate(_file, Native.ZeroRange, start, length));
                    _sizeBytes = Math.Max(_sizeBytes, start + length);
                    Clear(start, start + length);
                    return "zero";
                case 10:
                    return Copy(start, length);
                default:
                    Posix.Close(_file);
                    _file = Posix.Open(path, OpenFlags.O_RDWR);
                    return "reopen";
            }
        }

        private unsafe string Map(int start, int length, bool writes)
        {
            length = Math.Min(length, _sizeBytes - start);
            if (length <= 0)
            {
                return "map nothing";
            }

            int inPage = start % Environment.SystemPageSize;
            nuint mappedBytes = (nuint)(inPage + length);
            nint mapping = Native.mmap(0, mappedBytes, ReadWrite, MapShared, _file, start - inPage);
            Posix.Ok((long)mapping);
            fixed (byte* model = &_model[start], buffer = &_buffer[0])
            {
                if (writes)
                {
                    _random.NextBytes(_model.AsSpan(start, length));
                    Native.memcpy((byte*)mapping + inPage, model, (nuint)length);
                }
                else
                {
                    Native.memcpy(buffer, (byte*)mapping + inPage, (nuint)length);
                    Compare("map", start, length, _buffer.AsSpan(0, length));
                }
            }

            Posix.Ok(Native.munmap(mapping, mappedBytes));
            return writes ? "write to a mapping" : "map";
        }

        private unsafe string Copy(int start, int length)
        {
            int target = _random.Next(MaxBytes - length + 1);
            length = Math.Min(length, _sizeBytes - start);
            if (length <= 0 || Math.Abs(target - start) < length)
            {
                return "copy nothing";
            }

            long from = start;
            long to = target;
            int copied = 0;
            while (copied < length)
            {
                copied += (int)Posix.Ok(Native.copy_file_range(_file, &from, _file, &to, (ulong)(length - copied), 0));
            }

            _model.AsSpan(start, length).CopyTo(_model.AsSpan(target));
            _sizeBytes = Math.Max(_sizeBytes, target + length);
            return $"copy to {target}";
        }

        private void Cut(int size)
        {
            _sizeBytes = size;
            Clear(size, MaxBytes);
        }

        private void Clear(int start, int end)
        {
            if (start < end)
            {
                _model.AsSpan(start, end - start).Clear();
            }
        }

        private void Check(string when, bool isWhole)
        {
            Assert.True(Posix.Stat(path).st_size == _sizeBytes, $"{when}: the size is {Posix.Stat(path).st_size}, {_sizeBytes} expected");
            if (isWhole)
            {
                Compare(when, 0, MaxBytes, Posix.ReadAt(_file, 0, MaxBytes));
            }
        }

        private void Compare(string when, int start, int askedBytes, ReadOnlySpan<byte> bytes)
        {
            ReadOnlySpan<byte> expected = _model.AsSpan(start, Math.Max(0, Math.Min(askedBytes, _sizeBytes - start)));
            Assert.True(bytes.Length == expected.Length, $"{when} of seed {seed}: {bytes.Length} bytes, {expected.Length} expected");
            int common = bytes.CommonPrefixLength(expected);
            Assert.True(common == bytes.Length, $"{when} of seed {seed}: byte {start + common} differs");
        }
    }
}
