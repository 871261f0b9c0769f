namespace VfsBlock.Storage.Tests;

/// <summary>A device of one test, with what lies under it: a folder, a loop device.</summary>
internal sealed class DeviceUnderTest(IBlockDevice device, params IDisposable[] ground) : IDisposable
{
    public IBlockDevice Device => device;

    public void Dispose()
    {
        device.Dispose();
        foreach (IDisposable item in ground)
        {
            item.Dispose();
        }
    }
}
