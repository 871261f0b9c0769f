using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>The bytes of files: where they go, where holes are, and what happens when there is no room.</summary>
public abstract class DataRules<TMount> : MountRules<TMount>
    where TMount : ITestMount, new()
{
    private const long MaxOffset = long.MaxValue;

    [MountedFact]
    public void Write_BeyondTheEnd_LeavesZerosBetween()
    {
        int file = Posix.Open(Mount["f"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 0, "taco"u8);
        Posix.WriteAt(file, 10_000, "burrito"u8);
        byte[] expected = new byte[10_007];
        "taco"u8.CopyTo(expected);
        "burrito"u8.CopyTo(expected.AsSpan(10_000));
        Assert.Equal(expected, Posix.ReadAt(file, 0, 20_000));
        Assert.Empty(Posix.ReadAt(file, 10_007, 10));
        Posix.Close(file);
    }

    [MountedFact]
    public void Write_Append_GoesToTheEndWhateverTheOffset()
    {
        int file = Posix.Open(Mount["f"], OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND);
        Posix.WriteAt(file, 0, "one"u8);
        Posix.WriteAt(file, 0, "two"u8);
        Assert.Equal("onetwo"u8, Posix.ReadAll(Mount["f"]));
        Posix.Close(file);
    }

    [MountedFact]
    public void Truncate_DownThenUp_ReadsZeros()
    {
        int file = Posix.Open(Mount["f"], Posix.ReadWriteNew);
        byte[] ones = new byte[9000];
        ones.AsSpan().Fill(1);
        Posix.WriteAt(file, 0, ones);
        Posix.Ok(Syscall.ftruncate(file, 100));
        Assert.Equal(100, Posix.Stat(Mount["f"]).st_size);
        Posix.Ok(Native.truncate(Mount["f"], 9000));
        ones.AsSpan(100).Clear();
        Assert.Equal(ones, Posix.ReadAt(file, 0, 10_000));
        Posix.Close(file);
    }

    [MountedFact]
    public void Open_Truncating_EmptiesAFileThatIsInTheCache()
    {
        Posix.Create(Mount["f"], 1, 2, 3);
        Posix.ReadAll(Mount["f"]);
        Posix.Close(Posix.Open(Mount["f"], OpenFlags.O_WRONLY | OpenFlags.O_TRUNC));
        Assert.Equal(0, Posix.Stat(Mount["f"]).st_size);
        Assert.Empty(Posix.ReadAll(Mount["f"]));
    }

    [MountedFact]
    public void Truncate_ToTheLargestSize_IsKept()
    {
        Posix.Create(Mount["f"]);
        Posix.Ok(Native.truncate(Mount["f"], MaxOffset));
        Assert.Equal(MaxOffset, Posix.Stat(Mount["f"]).st_size);
        int file = Posix.Open(Mount["f"], OpenFlags.O_RDWR | (OpenFlags)Native.OpenDirect);
        Assert.Equal(new byte[4096], Posix.ReadAt(file, 1L << 62, 4096));
        Posix.Close(file);
        Assert.True(Posix.Stat(Mount["f"]).st_blocks == 0);
    }

    [MountedFact]
    public void Seek_DataAndHole_FindThem()
    {
        int file = Posix.Open(Mount["f"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 1 << 20, [1]);
        Posix.Ok(Syscall.ftruncate(file, 3 << 20));
        Assert.Equal(1 << 20, Posix.Ok(Native.lseek(file, 0, Native.SeekData)));
        Assert.Equal(0, Posix.Ok(Native.lseek(file, 0, Native.SeekHole)));
        Assert.Equal((1 << 20) + 4096, Posix.Ok(Native.lseek(file, 1 << 20, Native.SeekHole)));
        Posix.Fails(Errno.ENXIO, Native.lseek(file, (1 << 20) + 4096, Native.SeekData));
        Posix.Fails(Errno.ENXIO, Native.lseek(file, 3 << 20, Native.SeekHole));
        Assert.Equal(8, Posix.Stat(Mount["f"]).st_blocks);
        Posix.Close(file);
    }

    [MountedFact]
    public void Fallocate_EachMode_DoesWhatItSays()
    {
        int file = Posix.Open(Mount["f"], Posix.ReadWriteNew);
        Posix.Ok(Native.fallocate(file, 0, 0, 10_000));
        Assert.Equal(10_000, Posix.Stat(Mount["f"]).st_size);
        Assert.Equal(24, Posix.Stat(Mount["f"]).st_blocks);
        Posix.Ok(Native.fallocate(file, Native.KeepSize, 0, 1 << 20));
        Assert.Equal(10_000, Posix.Stat(Mount["f"]).st_size);
        Assert.Equal(2048, Posix.Stat(Mount["f"]).st_blocks);

        byte[] ones = new byte[20_000];
        ones.AsSpan().Fill(1);
        Posix.WriteAt(file, 0, ones);
        Posix.Ok(Native.fallocate(file, Native.PunchHole | Native.KeepSize, 1000, 10_000));
        ones.AsSpan(1000, 10_000).Clear();
        Assert.Equal(ones, Posix.ReadAt(file, 0, 30_000));
        Assert.Equal(2048 - 8, Posix.Stat(Mount["f"]).st_blocks);

        Posix.Ok(Native.fallocate(file, Native.ZeroRange, 15_000, 10_000));
        Assert.Equal(25_000, Posix.Stat(Mount["f"]).st_size);
        ones.AsSpan(15_000).Clear();
        Assert.Equal(ones.Concat(new byte[5000]), Posix.ReadAt(file, 0, 30_000));
        Posix.Fails(Errno.EOPNOTSUPP, Native.fallocate(file, Native.CollapseRange, 0, 4096));
        Posix.Fails(Errno.EOPNOTSUPP, Native.fallocate(file, Native.InsertRange, 0, 4096));
        Posix.Close(file);
    }

    [MountedFact]
    public unsafe void CopyFileRange_BetweenFiles_CopiesDataAndHoles()
    {
        int from = Posix.Open(Mount["from"], Posix.ReadWriteNew);
        int to = Posix.Open(Mount["to"], Posix.ReadWriteNew);
        byte[] bytes = new byte[50_000];
        new Random(1).NextBytes(bytes.AsSpan(20_000));
        Posix.WriteAt(from, 20_000, bytes.AsSpan(20_000));
        Posix.WriteAt(to, 0, "old"u8);
        long fromOffset = 0;
        long toOffset = 4096;
        ulong left = 50_000;
        while (left > 0)
        {
            left -= (ulong)Posix.Ok(Native.copy_file_range(from, &fromOffset, to, &toOffset, left, 0));
        }

        Assert.Equal("old"u8, Posix.ReadAt(to, 0, 3));
        Assert.Equal(bytes, Posix.ReadAt(to, 4096, 60_000));
        Assert.Equal(0, Posix.Ok(Native.copy_file_range(from, &fromOffset, to, &toOffset, 100, 0)));
        Posix.Close(from);
        Posix.Close(to);
        Assert.Equal(54_096, Posix.Stat(Mount["to"]).st_size);
    }

    [MountedFact]
    public void Fsync_OfFileAndDirectory_Succeeds()
    {
        int file = Posix.Open(Mount["f"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 0, [1]);
        Posix.Ok(Syscall.fsync(file));
        Posix.Ok(Syscall.fdatasync(file));
        Posix.Close(file);
        int directory = Posix.Open(Mount.Root, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        Posix.Ok(Syscall.fsync(directory));
        Posix.Close(directory);
        Syscall.sync();
    }

    private static unsafe long WriteOne(int file, long offset)
    {
        byte one = 1;
        return Syscall.pwrite(file, &one, 1, offset);
    }
}
