namespace VfsBlock.Interop;

/// <summary>What lstat(2) says of a name.</summary>
/// <param name="Mode">Type and permissions.</param>
/// <param name="UserId">Who owns it.</param>
/// <param name="GroupId">Which group owns it.</param>
/// <param name="SizeBytes">Bytes of a file, or of a link's target.</param>
/// <param name="SectorCount">Space taken, in units of 512 bytes.</param>
/// <param name="LinkCount">How many names it has.</param>
/// <param name="Inode">Its number on <paramref name="FileSystem"/>.</param>
/// <param name="FileSystem">The device of its file system, as makedev(3) packs it.</param>
/// <param name="Device">Of a device node: its number, as makedev(3) packs it.</param>
/// <param name="AccessTime">When it was read.</param>
/// <param name="ModifyTime">When its content changed.</param>
public readonly record struct HostStatus(
    uint Mode,
    uint UserId,
    uint GroupId,
    long SizeBytes,
    long SectorCount,
    uint LinkCount,
    ulong Inode,
    ulong FileSystem,
    ulong Device,
    HostTime AccessTime,
    HostTime ModifyTime);
