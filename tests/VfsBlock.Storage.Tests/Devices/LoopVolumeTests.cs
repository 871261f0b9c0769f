using System.Reflection;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>Block files and volumes on a block device: the tests of volumes once more, and what only a device shows.</summary>
public sealed class LoopVolumeTests(ITestOutputHelper output)
{
    private const long SizeBytes = 64 << 20;

    private static readonly Type[] _suites =
        [typeof(VolumeRangeTests), typeof(VolumeSharingTests), typeof(VolumeTruncationTests), typeof(VolumeFullTests), typeof(VolumeFlagsTests)];

    // On a device of a given size, how many nodes still fit beside data depends on how the rest is cut up.
    private static readonly string[] _left = [nameof(VolumeFullTests.FullVolume_AfterFilesWereDeleted_TakesAsMuchAgain)];

    /// <summary>Every test of the suites that has no cases, but for those left out.</summary>
    public static TheoryData<string, string> Tests
    {
        get
        {
            var tests = new TheoryData<string, string>();
            foreach (MethodInfo method in _suites.SelectMany(suite => suite.GetMethods()).Where(IsTest))
            {
                tests.Add(method.DeclaringType!.Name, method.Name);
            }

            return tests;
        }
    }

    [LoopDeviceTheory]
    [MemberData(nameof(Tests))]
    public void BlockDevice_EveryTestOfVolumes_Passes(string suite, string test)
    {
        Type type = _suites.Single(candidate => candidate.Name == suite);
        object[] ground = [VolumeGround.Loop];
        using var instance = (IDisposable)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.NonPublic, binder: null, ground, culture: null)!;
        type.GetMethod(test)!.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, parameters: null, culture: null);
    }

    [LoopDeviceFact]
    public void BlockFile_OperationsAtRandom_MatchTheModel()
    {
        const int OperationCount = 8000;
        const int BlockCount = 3000;
        var random = new Random(RandomSeed.Take(output));
        using var loop = new LoopDevice(BlockCount * DataFixture.BlockBytes);
        FileDevice device = FileDevice.Open(loop.Path);
        loop.DetachOnLastClose();
        using var image = new BlockFileFixture(options: new BlockFileOptions { FrameMemoryBytes = 4 << 20 }, ground: device);
        var model = new BlockFileModel(image, random);
        for (int operation = 0; operation < OperationCount; operation++)
        {
            model.Step();
        }

        model.AssertAll();
        output.WriteLine($"{model}");
        Assert.True(model.IsWorthwhile, $"the run did not reach everything: {model}");
        Assert.Empty(BlockFileChecker.Check(image.Device));
    }

    [LoopDeviceFact]
    public void Open_VolumeThatIsOpen_IsLocked()
    {
        using var loop = new LoopDevice(SizeBytes);
        using (FileDevice device = FileDevice.Open(loop.Path))
        {
            Volume.Format(device);
        }

        using (Volume.Open(loop.Path))
        {
            Assert.Equal(StorageErrorKind.Locked, Assert.Throws<StorageException>(() => Volume.Open(loop.Path)).Kind);
        }

        Volume.Open(loop.Path).Dispose();
    }

    /// <summary>The loop device punches the file below it where it is told to discard.</summary>
    [LoopDeviceFact]
    public void DeletedFile_AfterCheckpoints_GivesItsSpaceToTheDevice()
    {
        const int FileBytes = 16 << 20;
        using var loop = new VfsBlock.TestKit.LoopDevice(SizeBytes);
        using FileDevice device = FileDevice.Open(loop.Path);
        Volume.Format(device);
        using Volume volume = Volume.Open(new BorrowedDevice(device));
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, "file"u8, 0x1A4, default, out InodeEntry file));
        Assert.Equal(IoResult.Ok(FileBytes), volume.Write(file.Number, 0, DataFixture.Pattern(FileBytes, 1)));
        Assert.Equal(Errno.None, volume.Checkpoint());
        long fullBytes = AllocatedBytes(loop.BackingPath);
        Assert.True(fullBytes > FileBytes, $"{fullBytes} bytes are in use");
        Assert.Equal(Errno.None, volume.Unlink(InodeNumber.Root, "file"u8));
        Assert.Equal(Errno.None, volume.DeleteOrphans());
        Assert.Equal(Errno.None, volume.Checkpoint());
        Assert.Equal(Errno.None, volume.Checkpoint());
        long leftBytes = AllocatedBytes(loop.BackingPath);
        Assert.True(leftBytes < fullBytes - (FileBytes / 2), $"{leftBytes} of {fullBytes} bytes are still in use");
    }

    private static bool IsTest(MethodInfo method) => method.GetCustomAttribute<FactAttribute>() is not (null or TheoryAttribute) && !_left.Contains(method.Name);

    private static long AllocatedBytes(string path)
    {
        const int SectorBytes = 512;
        Mono.Unix.Native.Syscall.stat(path, out Mono.Unix.Native.Stat status);
        return status.st_blocks * SectorBytes;
    }
}
