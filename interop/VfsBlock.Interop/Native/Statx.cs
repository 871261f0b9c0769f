using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <summary><c>struct statx</c> of linux/stat.h, 256 bytes, filled by statx(2).</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    /// <summary>Which of the fields below the file system filled (<c>STATX_</c> bits).</summary>
    [FieldOffset(0x00)] public uint Mask;

    /// <summary>The size of a good transfer, in bytes.</summary>
    [FieldOffset(0x04)] public uint BlockSize;

    [FieldOffset(0x08)] public ulong Attributes;
    [FieldOffset(0x10)] public uint LinkCount;
    [FieldOffset(0x14)] public uint UserId;
    [FieldOffset(0x18)] public uint GroupId;

    /// <summary>Type and permission bits.</summary>
    [FieldOffset(0x1c)] public ushort Mode;

    [FieldOffset(0x20)] public ulong Inode;
    [FieldOffset(0x28)] public ulong SizeBytes;

    /// <summary>Space taken, in units of 512 bytes.</summary>
    [FieldOffset(0x30)] public ulong SectorCount;

    [FieldOffset(0x38)] public ulong AttributesMask;
    [FieldOffset(0x40)] public StatxTimestamp AccessTime;
    [FieldOffset(0x50)] public StatxTimestamp BirthTime;
    [FieldOffset(0x60)] public StatxTimestamp ChangeTime;
    [FieldOffset(0x70)] public StatxTimestamp ModificationTime;
    [FieldOffset(0x80)] public uint DeviceOwnMajor;
    [FieldOffset(0x84)] public uint DeviceOwnMinor;
    [FieldOffset(0x88)] public uint DeviceMajor;
    [FieldOffset(0x8c)] public uint DeviceMinor;
    [FieldOffset(0x90)] public ulong MountId;

    /// <summary>What O_DIRECT wants of addresses, in bytes; 0 if it is refused or was not asked for.</summary>
    [FieldOffset(0x98)] public uint DirectMemoryAlignment;

    /// <summary>What O_DIRECT wants of offsets and lengths, in bytes; 0 if it is refused or was not asked for.</summary>
    [FieldOffset(0x9c)] public uint DirectOffsetAlignment;
}
