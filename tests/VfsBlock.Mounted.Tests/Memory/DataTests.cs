using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>The bytes of files: where they go, where holes are, and what happens when there is no room.</summary>
public sealed class DataTests : IDisposable
{
    private const long MaxOffset = long.MaxValue;
    private readonly MemoryMount _mount = new();

    public void Dispose() => _mount.Dispose();

    [MountedFact]
    public void Write_BeyondTheEnd_LeavesZerosBetween()
    {
        int file = Posix.Open(_mount["f"], Posix.ReadWriteNew);
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
        int file = Posix.Open(_mount["f"], OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND);
        Posix.WriteAt(file, 0, "one"u8);
        Posix.WriteAt(file, 0, "two"u8);
        Assert.Equal("onetwo"u8, Posix.ReadAll(_mount["f"]));
        Posix.Close(file);
    }

    [MountedFact]
    public void Truncate_DownThenUp_ReadsZeros()
    {
        int file = Posix.Open(_mount["f"], Posix.ReadWriteNew);
        byte[] ones = new byte[9000];
        ones.AsSpan().Fill(1);
        Posix.WriteAt(file, 0, ones);
        Posix.Ok(Syscall.ftruncate(file, 100));
        Assert.Equal(100, Posix.Stat(_mount["f"]).st_size);
        Posix.Ok(Native.truncate(_mount["f"], 9000));
        ones.AsSpan(100).Clear();
        Assert.Equal(ones, Posix.ReadAt(file, 0, 10_000));
        Posix.Close(file);
    }

    [MountedFact]
    public void Open_Truncating_EmptiesAFileThatIsInTheCache()
    {
        Posix.Create(_mount["f"], 1, 2, 3);
        Posix.ReadAll(_mount["f"]);
        Posix.Close(Posix.Open(_mount["f"], OpenFlags.O_WRONLY | OpenFlags.O_TRUNC));
        Assert.Equal(0, Posix.Stat(_mount["f"]).st_size);
        Assert.Empty(Posix.ReadAll(_mount["f"]));
    }

    [MountedFact]
    public void Truncate_ToTheLargestSize_IsKept()
    {
        Posix.Create(_mount["f"]);
        Posix.Ok(Native.truncate(_mount["f"], MaxOffset));
        Assert.Equal(MaxOffset, Posix.Stat(_mount["f"]).st_size);
        int file = Posix.Open(_mount["f"], OpenFlags.O_RDWR | (OpenFlags)Native.OpenDirect);
        Assert.Equal(new byte[4096], Posix.ReadAt(file, 1L << 62, 4096));
        Posix.Close(file);
        Assert.True(Posix.Stat(_mount["f"]).st_blocks == 0);
    }

    [MountedFact]
    public void Seek_DataAndHole_FindThem()
    {
        int file = Posix.Open(_mount["f"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 1 << 20, [1]);
        Posix.Ok(Syscall.ftruncate(file, 3 << 20));
        Assert.Equal(1 << 20, Posix.Ok(Native.lseek(file, 0, Native.SeekData)));
        Assert.Equal(0, Posix.Ok(Native.lseek(file, 0, Native.SeekHole)));
        Assert.Equal((1 << 20) + 4096, Posix.Ok(Native.lseek(file, 1 << 20, Native.SeekHole)));
        Posix.Fails(Errno.ENXIO, Native.lseek(file, (1 << 20) + 4096, Native.SeekData));
        Posix.Fails(Errno.ENXIO, Native.lseek(file, 3 << 20, Native.SeekHole));
        Assert.Equal(8, Posix.Stat(_mount["f"]).st_blocks);
        Posix.Close(file);
    }

    [MountedFact]
    public void Fallocate_EachMode_DoesWhatItSays()
    {
        int file = Posix.Open(_mount["f"], Posix.ReadWriteNew);
        Posix.Ok(Native.fallocate(file, 0, 0, 10_000));
        Assert.Equal(10_000, Posix.Stat(_mount["f"]).st_size);
        Assert.Equal(24, Posix.Stat(_mount["f"]).st_blocks);
        Posix.Ok(Native.fallocate(file, Native.KeepSize, 0, 1 << 20));
        Assert.Equal(10_000, Posix.Stat(_mount["f"]).st_size);
        Assert.Equal(2048, Posix.Stat(_mount["f"]).st_blocks);

        byte[] ones = new byte[20_000];
        ones.AsSpan().Fill(1);
        Posix.WriteAt(file, 0, ones);
        Posix.Ok(Native.fallocate(file, Native.PunchHole | Native.KeepSize, 1000, 10_000));
        ones.AsSpan(1000, 10_000).Clear();
        Assert.Equal(ones, Posix.ReadAt(file, 0, 30_000));
        Assert.Equal(2048 - 8, Posix.Stat(_mount["f"]).st_blocks);

        Posix.Ok(Native.fallocate(file, Native.ZeroRange, 15_000, 10_000));
        Assert.Equal(25_000, Posix.Stat(_mount["f"]).st_size);
        ones.AsSpan(15_000).Clear();
        Assert.Equal(ones.Concat(new byte[5000]), Posix.ReadAt(file, 0, 30_000));
        Posix.Fails(Errno.EOPNOTSUPP, Native.fallocate(file, Native.CollapseRange, 0, 4096));
        Posix.Fails(Errno.EOPNOTSUPP, Native.fallocate(file, Native.InsertRange, 0, 4096));
        Posix.Close(file);
    }

    [MountedFact]
    public unsafe void CopyFileRange_BetweenFiles_CopiesDataAndHoles()
    {
        int from = Posix.Open(_mount["from"], Posix.ReadWriteNew);
        int to = Posix.Open(_mount["to"], Posix.ReadWriteNew);
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
        Assert.Equal(54_096, Posix.Stat(_mount["to"]).st_size);
    }

    [MountedFact]
    public void Write_NoRoomLeft_IsEnospcAndStatfsSaysSo()
    {
        const int Limit = 64 * 4096;
        using var mount = new MemoryMount(new MemoryFileSystem.MemoryFileSystemOptions { SizeLimitBytes = Limit });
        Posix.Ok(Syscall.statvfs(mount.Root, out Statvfs before));
        Assert.Equal(64ul, before.f_blocks);
        Assert.Equal(64ul, before.f_bavail);
        Assert.Equal(255ul, before.f_namemax);
        int file = Posix.Open(mount["f"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 0, new byte[Limit]);
        Posix.Ok(Syscall.statvfs(mount.Root, out Statvfs full));
        Assert.Equal(0ul, full.f_bfree);
        Posix.Fails(Errno.ENOSPC, WriteOne(file, Limit));
        Posix.Fails(Errno.ENOSPC, Native.fallocate(file, 0, Limit, 4096));
        Posix.WriteAt(file, 100, [1]);
        Posix.Close(file);
        Posix.Ok(Native.truncate(mount["f"], 4096));
        Posix.Ok(Syscall.statvfs(mount.Root, out Statvfs after));
        Assert.Equal(63ul, after.f_bfree);
    }

    [MountedFact]
    public void Create_NoNodeLeft_IsEnospc()
    {
        using var mount = new MemoryMount(new MemoryFileSystem.MemoryFileSystemOptions { NodeLimit = 3 });
        Posix.Create(mount["a"]);
        Posix.Ok(Syscall.mkdir(mount["b"], Posix.PublicDirectory));
        Posix.Fails(Errno.ENOSPC, Syscall.open(mount["c"], Posix.ReadWriteNew, Posix.PublicFile));
        Posix.Fails(Errno.ENOSPC, Syscall.mkdir(mount["c"], Posix.PublicDirectory));
        Posix.Ok(Syscall.statvfs(mount.Root, out Statvfs full));
        Assert.Equal(0ul, full.f_ffree);
        Posix.Ok(Syscall.link(mount["a"], mount["c"]));
    }

    [MountedFact]
    public void Fsync_OfFileAndDirectory_Succeeds()
    {
        int file = Posix.Open(_mount["f"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 0, [1]);
        Posix.Ok(Syscall.fsync(file));
        Posix.Ok(Syscall.fdatasync(file));
        Posix.Close(file);
        int directory = Posix.Open(_mount.Root, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
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
