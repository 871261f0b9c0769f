namespace VfsBlock.Fuse;

/// <summary>A device number as stat(2) and /proc/self/mountinfo show it, <c>major:minor</c>.</summary>
/// <param name="Major">0 for a file system without a device, such as FUSE.</param>
/// <param name="Minor">With major 0: the kernel's number for this mounted file system, free again after the unmount.</param>
public readonly record struct DeviceNumber(uint Major, uint Minor)
{
    private const int MinorBits = 20;

    /// <summary><c>major:minor</c>.</summary>
    public override string ToString() => $"{Major}:{Minor}";

    /// <summary>The number as the kernel keeps it inside (linux/kdev_t.h): the name of a connection in fusectl.</summary>
    internal uint ToKernel() => (Major << MinorBits) | Minor;

    /// <inheritdoc cref="ToKernel"/>
    internal static DeviceNumber FromKernel(uint number) => new(number >> MinorBits, number & ((1u << MinorBits) - 1));
}
