using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>One contract, every device.</summary>
public sealed class DeviceContractTests
{
    public static TheoryData<string> DeviceChecks => DeviceContract.Checks;

    public static TheoryData<string> QueueChecks => QueueContract.Checks;

    [Theory]
    [MemberData(nameof(DeviceChecks))]
    public void MemoryDevice_EveryCheck_Holds(string check) => DeviceContract.Run(check, Memory());

    [Theory]
    [MemberData(nameof(QueueChecks))]
    public void MemoryDeviceQueue_EveryCheck_Holds(string check) => QueueContract.Run(check, Memory());

    [Theory]
    [MemberData(nameof(DeviceChecks))]
    public void SimDisk_EveryCheck_Holds(string check) => DeviceContract.Run(check, Simulated());

    [Theory]
    [MemberData(nameof(QueueChecks))]
    public void SimDiskQueue_EveryCheck_Holds(string check) => QueueContract.Run(check, Simulated());

    [Theory]
    [MemberData(nameof(DeviceChecks))]
    public void FileDevice_EveryCheck_Holds(string check) => DeviceContract.Run(check, OnFile(useDirectIo: true));

    [Theory]
    [MemberData(nameof(QueueChecks))]
    public void FileDeviceQueue_EveryCheck_Holds(string check) => QueueContract.Run(check, OnFile(useDirectIo: true));

    [Theory]
    [MemberData(nameof(DeviceChecks))]
    public void FileDevice_EveryCheckWithoutDirectIo_Holds(string check) => DeviceContract.Run(check, OnFile(useDirectIo: false));

    [Theory]
    [MemberData(nameof(QueueChecks))]
    public void FileDeviceQueue_EveryCheckWithoutDirectIo_Holds(string check) => QueueContract.Run(check, OnFile(useDirectIo: false));

    [RootTheory]
    [MemberData(nameof(DeviceChecks))]
    public void FileDevice_EveryCheckOnLoopDevice_Holds(string check) => DeviceContract.Run(check, OnLoop());

    [RootTheory]
    [MemberData(nameof(QueueChecks))]
    public void FileDeviceQueue_EveryCheckOnLoopDevice_Holds(string check) => QueueContract.Run(check, OnLoop());

    private static DeviceUnderTest OnFile(bool useDirectIo)
    {
        var directory = new TempDirectory();
        var options = new FileDeviceOptions { UseDirectIo = useDirectIo };
        return new DeviceUnderTest(FileDevice.Create(directory.File("image"), DeviceContract.SizeBytes, options: options), directory);
    }

    private static DeviceUnderTest OnLoop()
    {
        var loop = new LoopDevice(DeviceContract.SizeBytes);
        try
        {
            return new DeviceUnderTest(FileDevice.Open(loop.Path), loop);
        }
        catch
        {
            loop.Dispose();
            throw;
        }
        finally
        {
            loop.DetachOnLastClose();
        }
    }

    private static DeviceUnderTest Simulated() => new(new SimDisk(DeviceContract.SizeBytes));

    private static DeviceUnderTest Memory() => new(new MemoryDevice(DeviceContract.SizeBytes));
}
