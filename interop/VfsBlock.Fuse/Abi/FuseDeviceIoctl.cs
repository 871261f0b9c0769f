namespace VfsBlock.Fuse;

/// <summary>Requests of ioctl(2) on the FUSE device (FUSE_DEV_IOC_, magic 229).</summary>
public static class FuseDeviceIoctl
{
    /// <summary>
    /// Ties a freshly opened device to the connection of another; argument: the other's descriptor, by address.
    /// </summary>
    public const uint Clone = 0x8004E500;

    /// <summary>Registers a backing file; argument: <see cref="FuseBackingMap"/>, by address. Returns its id.</summary>
    public const uint BackingOpen = 0x4010E501;

    /// <summary>Gives a backing file back; argument: its id (32 bits), by address.</summary>
    public const uint BackingClose = 0x4004E502;

    /// <summary>Makes mount(2) itself wait for INIT; no argument, before the mount (kernel 6.18).</summary>
    public const uint SyncInit = 0x0000E503;
}
