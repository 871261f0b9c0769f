using VfsBlock.Storage.TestKit;
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

    private static DeviceUnderTest Simulated() => new(new SimDisk(DeviceContract.SizeBytes));

    private static DeviceUnderTest Memory() => new(new MemoryDevice(DeviceContract.SizeBytes));
}
