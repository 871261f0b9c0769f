using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>What a device on the host has beyond the contract that it shares with every device.</summary>
public sealed class FileDeviceTests(ITestOutputHelper output) : IDisposable
{
    private const int Page = 4096;
    private readonly TempDirectory _directory = new();

    private string Image => _directory.File("image");

    public static TheoryData<bool> Ways => [true, false];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Open_MissingPath_IsNotFoundAndMakesNothing()
    {
        StorageException refused = Assert.Throws<StorageException>(() => FileDevice.Open(Image));
        Assert.Equal((StorageErrorKind.NotFound, Errno.ENOENT), (refused.Kind, refused.Error));
        Assert.Contains(Image, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Image));
    }

    [Fact]
    public void Open_DirectoryOrPipe_IsInvalid()
    {
        Assert.Equal(StorageErrorKind.Invalid, Assert.Throws<StorageException>(() => FileDevice.Open(_directory.Path)).Kind);
        Assert.Equal(0, ProgramRun.Start("mkfifo", Image)!.Value.ExitCode);
        foreach (bool isReadOnly in new[] { true, false })
        {
            var options = new FileDeviceOptions { IsReadOnly = isReadOnly };
            Assert.Equal(StorageErrorKind.Invalid, Assert.Throws<StorageException>(() => FileDevice.Open(Image, options)).Kind);
        }
    }

    [Fact]
    public void Create_ExistingFile_IsRefusedUnlessToldToOverwrite()
    {
        File.WriteAllText(Image, "precious");
        Assert.Equal(StorageErrorKind.Exists, Assert.Throws<StorageException>(() => FileDevice.Create(Image, Page)).Kind);
        Assert.Equal("precious", File.ReadAllText(Image));
        using FileDevice device = FileDevice.Create(Image, 2 * Page, isOverwriting: true);
        Assert.Equal(new byte[2 * Page], device.ReadAll(0, 2 * Page));
    }

    [Fact]
    public void Create_SizeThatCannotBe_LeavesNoFile()
    {
        StorageException refused = Assert.Throws<StorageException>(() => FileDevice.Create(Image, long.MaxValue - Page + 1));
        Assert.Equal(StorageErrorKind.Io, refused.Kind);
        Assert.False(File.Exists(Image));
    }

    [Fact]
    public void Create_WhereDirectIoIsAllowed_UsesItUnlessToldNot()
    {
        using (FileDevice buffered = FileDevice.Create(Image, Page, options: new FileDeviceOptions { UseDirectIo = false }))
        {
            Assert.False(buffered.IsDirect);
        }

        using HostFile? direct = HostFile.TryOpen(Image, OpenFlags.ReadWrite | OpenFlags.Direct, 0, out _);
        using FileDevice device = FileDevice.Open(Image);
        Assert.Equal(direct is not null, device.IsDirect);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Open_SecondWriter_IsLockedUntilTheFirstIsGone(bool useDirectIo)
    {
        var options = new FileDeviceOptions { UseDirectIo = useDirectIo };
        using (FileDevice first = FileDevice.Create(Image, Page, options: options))
        {
            StorageException refused = Assert.Throws<StorageException>(() => FileDevice.Open(Image, options));
            Assert.Equal((StorageErrorKind.Locked, Errno.EBUSY), (refused.Kind, refused.Error));
            Assert.Contains(Image, refused.Message, StringComparison.Ordinal);
            Assert.Equal(StorageErrorKind.Locked, Assert.Throws<StorageException>(() => FileDevice.Open(Image, options with { IsReadOnly = true })).Kind);
            Assert.Equal(StorageErrorKind.Locked, Assert.Throws<StorageException>(() => FileDevice.Create(Image, 0, isOverwriting: true)).Kind);
            Assert.Equal(Page, new FileInfo(Image).Length);
        }

        using FileDevice second = FileDevice.Open(Image, options);
        Assert.Equal(Page, second.SizeBytes);
    }

    [Fact]
    public void Open_AfterDisposeWithViewLeft_IsFree()
    {
        FileDevice first = FileDevice.Create(Image, Page);
        using ReservedRegion view = first.TryMap(1 << 20)!;
        first.Dispose();
        using FileDevice second = FileDevice.Open(Image);
        Assert.Equal(Page, view.LengthBytes);
    }

    [Fact]
    public void Open_Readers_ShareAndKeepWritersOut()
    {
        FileDevice.Create(Image, Page).Dispose();
        var reading = new FileDeviceOptions { IsReadOnly = true };
        using FileDevice one = FileDevice.Open(Image, reading);
        using FileDevice other = FileDevice.Open(Image, reading);
        Assert.Equal(StorageErrorKind.Locked, Assert.Throws<StorageException>(() => FileDevice.Open(Image)).Kind);
    }

    [HeadersFact("fcntl.h")]
    public void Open_OtherProcess_SeesTheLock()
    {
        string program = _directory.File("lock");
        File.WriteAllText(program + ".c", """
            #define _GNU_SOURCE
            #include <fcntl.h>
            int main(int count, char **words) {
                struct flock all = { .l_type = F_WRLCK };
                int file = open(words[1], O_RDWR);
                return file < 0 ? 2 : fcntl(file, F_OFD_SETLK, &all) == 0 ? 0 : 3;
            }

            """);
        Assert.Equal(0, ProgramRun.Start("gcc", "-o", program, program + ".c")!.Value.ExitCode);
        using (FileDevice.Create(Image, Page))
        {
            Assert.Equal(3, ProgramRun.Start(program, Image)!.Value.ExitCode);
        }

        Assert.Equal(0, ProgramRun.Start(program, Image)!.Value.ExitCode);
    }

    [Fact]
    public void ReadOnly_EveryChange_IsRefused()
    {
        byte[] data;
        using (FileDevice device = FileDevice.Create(Image, Page))
        {
            data = device.WriteRandom(0, Page, seed: 1);
        }

        using FileDevice reading = FileDevice.Open(Image, new FileDeviceOptions { IsReadOnly = true });
        using var buffer = new NativeBuffer(Page);
        Assert.True(reading.IsReadOnly);
        Assert.False(reading.CanResize);
        Assert.Equal(IoResult.Fail(Errno.EROFS), reading.Write(buffer.Span, 0));
        Assert.Equal(Errno.EROFS, reading.Resize(0));
        Assert.Equal(Errno.EROFS, reading.Discard(0, Page));
        Assert.Equal(Errno.None, reading.Flush());
        Assert.Throws<InvalidOperationException>(() => reading.CreateQueue(1));
        using ReservedRegion view = reading.TryMap(1 << 20)!;
        Assert.Equal(data, view.AsReadOnlySpan(0, Page).ToArray());
        Assert.Equal(data, reading.ReadAll(0, Page));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Calls_OfEveryKind_AllocateNothing(bool useDirectIo)
    {
        using FileDevice device = FileDevice.Create(Image, 64 * Page, options: new FileDeviceOptions { UseDirectIo = useDirectIo });
        AssertNoAllocation(device);
    }

    [Fact]
    public void MemoryDeviceCalls_OfEveryKind_AllocateNothing()
    {
        using var device = new MemoryDevice(64 * Page);
        AssertNoAllocation(device);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void RandomTrace_OnFileAndSimDisk_LeavesEqualBytes(bool useDirectIo)
    {
        int seed = RandomSeed.Take(output);
        using FileDevice file = FileDevice.Create(Image, 64 * Page, options: new FileDeviceOptions { UseDirectIo = useDirectIo });
        using var disk = new SimDisk(64 * Page, new SimDiskOptions { CompletionSeed = seed });
        using var memory = new MemoryDevice(64 * Page);
        IBlockDevice[] devices = [file, disk, memory];
        foreach (IBlockDevice device in devices)
        {
            RunTrace(device, new Random(seed));
        }

        byte[] expected = disk.ReadAll(0, disk.SizeBytes);
        Assert.Equal(expected, memory.ReadAll(0, memory.SizeBytes));
        Assert.Equal(expected, file.ReadAll(0, file.SizeBytes));
        file.Dispose();
        Assert.Equal(expected, File.ReadAllBytes(Image));
    }

    [RootFact]
    public void Write_FullHost_IsNoSpaceAndLeavesTheRestUsable()
    {
        using var tmpfs = new TmpfsMount(16 * Page);
        using FileDevice device = FileDevice.Create(tmpfs.File("image"), 64 * Page);
        using NativeBuffer data = DeviceBytes.Random(64 * Page, seed: 1);
        byte[] kept = device.WriteRandom(0, 4 * Page, seed: 2);
        IoResult result = device.Write(data.Span[..(60 * Page)], 4 * Page);
        Assert.Equal(Errno.ENOSPC, result.Error);
        Assert.InRange(result.Bytes, 0, 16 * Page);
        Assert.Equal(kept, device.ReadAll(0, 4 * Page));
        Assert.Equal(Errno.None, device.Discard(4 * Page, 60 * Page));
        device.WriteRandom(4 * Page, 4 * Page, seed: 3);
    }

    [RootFact]
    public void Open_LoopDeviceTwice_IsLocked()
    {
        using var loop = new LoopDevice(16 * Page);
        using FileDevice first = FileDevice.Open(loop.Path);
        loop.DetachOnLastClose();
        Assert.Equal(StorageErrorKind.Locked, Assert.Throws<StorageException>(() => FileDevice.Open(loop.Path)).Kind);
        Assert.Equal(StorageErrorKind.Invalid, Assert.Throws<StorageException>(() =>
        {
            first.Dispose();
            using var other = new LoopDevice(16 * Page);
            FileDevice.Create(other.Path, 32 * Page, isOverwriting: true).Dispose();
        }).Kind);
    }

    private static void AssertNoAllocation(IBlockDevice device)
    {
        using var buffer = new NativeBuffer(Page);
        using var pool = new IoBufferPool(Page, 1);
        using IDeviceQueue queue = device.CreateQueue(2);
        IoBufferLease lease = pool.Rent();
        ReadOnlyMemory<IoBufferSlice> pieces = new[] { lease.All() };
        var completions = new IoCompletion[2];
        AllocationProbe.AssertNone(() => device.Write(buffer.Span, Page));
        AllocationProbe.AssertNone(() => device.Read(buffer.Span, Page));
        AllocationProbe.AssertNone(() => device.ReadNow(buffer.Span, Page));
        AllocationProbe.AssertNone(() => device.Flush());
        AllocationProbe.AssertNone(() => device.Discard(2 * Page, Page));
        AllocationProbe.AssertNone(() =>
        {
            queue.TryWrite(lease.All(), 3 * Page, 1);
            queue.TryWrite(pieces, 4 * Page, 2);
            queue.Reap(completions, 2);
        });
    }

    private static void RunTrace(IBlockDevice device, Random random)
    {
        using var pool = new IoBufferPool(4 * Page, 1);
        using IDeviceQueue queue = device.CreateQueue(2);
        IoBufferLease lease = pool.Rent();
        for (int step = 0; step < 400; step++)
        {
            int length = random.Next(1, 5) * Page;
            long offset = random.NextInt64((device.SizeBytes - length) / Page) * Page;
            switch (random.Next(10))
            {
                case 0:
                    Assert.Equal(Errno.None, device.Flush());
                    break;
                case 1:
                    // Not every device gives zeros back for what was discarded; what follows is the same on all.
                    Assert.Equal(Errno.None, device.Discard(offset, length));
                    device.WriteRandom(offset, length, random.Next());
                    break;
                case 2:
                    Assert.Equal(Errno.None, device.Resize(random.Next(32, 96) * Page));
                    break;
                case 3 or 4 or 5:
                    random.NextBytes(lease.Span);
                    Assert.True(queue.TryWrite(lease.Slice(0, length), offset, 0));
                    queue.ReapAll(1);
                    break;
                default:
                    device.WriteRandom(offset, length, random.Next());
                    break;
            }
        }
    }
}
