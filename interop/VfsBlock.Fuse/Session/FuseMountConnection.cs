using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>The connection of a mount: clones of its device as channels, unmounting and aborting as its ends.</summary>
/// <remarks>
/// Serving may start before the mount is made (the mount then waits for INIT), so the mount is handed in later. Owns it
/// from then on. Any thread may call it.
/// </remarks>
internal sealed class FuseMountConnection : IFuseConnection
{
    private readonly SafeFileHandle _device;
    private readonly ILogger _logger;
    private FuseMount? _mount;

    /// <param name="name">The mount point.</param>
    /// <param name="device">The device; closed by the mount, not here.</param>
    /// <param name="logger">Where failures to end it are told.</param>
    public FuseMountConnection(string name, SafeFileHandle device, ILogger logger)
    {
        Name = name;
        _device = device;
        _logger = new GuardedLogger(logger);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The mount; null until it is made.</summary>
    public FuseMount? Mount
    {
        get => Volatile.Read(ref _mount);
        set => Volatile.Write(ref _mount, value);
    }

    /// <inheritdoc/>
    public IFuseChannel OpenChannel(int index)
    {
        if (index > 0)
        {
            Errno error = FuseDevice.Clone(_device, out SafeFileHandle? clone);
            if (error == Errno.None)
            {
                return new FuseDeviceChannel(clone!, ownsDevice: true);
            }

            // An ordinary user got the device from fusermount3 and cannot open it again where only root may.
            _logger.NotCloned(index, ErrnoText.Describe(error));
        }

        return new FuseDeviceChannel(_device, ownsDevice: false);
    }

    /// <inheritdoc/>
    public string? Unmount()
    {
        if (Mount is not { } mount)
        {
            return null;
        }

        UnmountResult result = mount.TryUnmount();
        if (!result.IsGone && result.Outcome == UnmountOutcome.Refused)
        {
            result = mount.Detach();
        }

        return result.IsGone ? null : Explain(result);
    }

    /// <inheritdoc/>
    public void Abort()
    {
        // While a mount waits for INIT only the device knows the connection.
        FuseConnection? connection = Mount?.Connection
            ?? (FuseDevice.ReadConnection(_device) is { } number ? new FuseConnection(DeviceNumber.FromKernel(number)) : null);
        if (connection is null)
        {
            return;
        }

        Errno error = connection.Abort();
        if (error is not (Errno.None or Errno.ENOENT) && Unmount() is { } reason)
        {
            _logger.AbortFailed(Name, ErrnoText.Describe(error), reason);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Mount?.Dispose();

    private static string Explain(UnmountResult result) => result.Outcome == UnmountOutcome.Covered
        ? "another mount hides it; unmount that one first"
        : string.Join(": ", new[] { ErrnoText.Describe(result.Error), result.Detail }.Where(text => text.Length > 0));
}
