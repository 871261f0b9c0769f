using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>What kind of file a descriptor has open, and its size where it has one.</summary>
/// <remarks>A plain value, true at the moment it was asked for. Any thread may ask; the asker keeps the descriptor open.</remarks>
internal readonly struct FileFacts
{
    private const int TypeMask = 0xF000;
    private const int BlockDevice = 0x6000;
    private const int RegularFile = 0x8000;

    private FileFacts(bool hasSize, long sizeBytes)
    {
        HasSize = hasSize;
        SizeBytes = sizeBytes;
    }

    /// <summary>True for a regular file or a block device: what ends somewhere and can be mapped.</summary>
    public bool HasSize { get; }

    /// <summary>Size in bytes: of a block device its capacity, of anything else what statx(2) says, which is 0 for pipes and devices.</summary>
    public long SizeBytes { get; }

    /// <summary>Asks the kernel: statx(2), and for a block device, whose size is not there, BLKGETSIZE64.</summary>
    /// <param name="descriptor">Any descriptor.</param>
    /// <param name="facts">The answer if there is no error.</param>
    /// <returns>None, or why not: what the calls say; EOVERFLOW for a size beyond <see cref="long.MaxValue"/>.</returns>
    public static unsafe Errno Ask(int descriptor, out FileFacts facts)
    {
        facts = default;
        byte emptyPath = 0;
        Statx status;
        int returned = Libc.StatX(descriptor, &emptyPath, Libc.EmptyPath, Libc.StatxBasic, &status);
        ulong sizeBytes = status.SizeBytes;
        bool isBlockDevice = (status.Mode & TypeMask) == BlockDevice;
        if (returned == 0 && isBlockDevice)
        {
            returned = Libc.Ioctl(descriptor, Libc.BlockDeviceSizeBytes, &sizeBytes);
        }

        if (returned < 0)
        {
            return (Errno)(-returned);
        }

        if (sizeBytes > long.MaxValue)
        {
            return Errno.EOVERFLOW;
        }

        bool hasSize = isBlockDevice || (status.Mode & TypeMask) == RegularFile;
        facts = new FileFacts(hasSize, (long)sizeBytes);
        return Errno.None;
    }
}
