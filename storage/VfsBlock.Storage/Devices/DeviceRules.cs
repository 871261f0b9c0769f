using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>What every device demands of its callers, in one place, so that no two devices differ in it.</summary>
/// <remarks>No state; any thread may call it.</remarks>
internal static class DeviceRules
{
    /// <summary>What O_DIRECT wants of any disk that we know: the alignment where nothing better is known.</summary>
    public const int CommonAlignmentBytes = 4096;

    /// <summary>How much of a read lies inside the device.</summary>
    /// <returns>False for a negative offset.</returns>
    public static bool TryClip(ref Span<byte> buffer, long offsetBytes, long sizeBytes)
    {
        if (offsetBytes < 0)
        {
            return false;
        }

        long restBytes = Math.Max(0, sizeBytes - offsetBytes);
        buffer = buffer.Length <= restBytes ? buffer : buffer[..(int)restBytes];
        return true;
    }

    /// <summary>Judges a write: EROFS, EINVAL if it is not aligned, ENOSPC if it does not lie inside the device.</summary>
    public static unsafe Errno CheckWrite(IBlockDevice device, ReadOnlySpan<byte> data, long offsetBytes)
    {
        fixed (byte* address = data)
        {
            return (nint)address % device.AlignmentBytes != 0 ? Errno.EINVAL : CheckRange(device, offsetBytes, data.Length);
        }
    }

    /// <summary>Judges a range that is to be changed, as <see cref="CheckWrite"/> does.</summary>
    public static Errno CheckRange(IBlockDevice device, long offsetBytes, long lengthBytes) =>
        device.IsReadOnly ? Errno.EROFS
        : offsetBytes < 0 || lengthBytes < 0 || (offsetBytes | lengthBytes) % device.AlignmentBytes != 0 ? Errno.EINVAL
        : lengthBytes > device.SizeBytes - offsetBytes ? Errno.ENOSPC
        : Errno.None;

    /// <summary>Judges a new size: EROFS, EOPNOTSUPP where it is given, EINVAL if negative or not aligned.</summary>
    public static Errno CheckResize(IBlockDevice device, long sizeBytes) =>
        device.IsReadOnly ? Errno.EROFS
        : !device.CanResize ? Errno.EOPNOTSUPP
        : sizeBytes < 0 || sizeBytes % device.AlignmentBytes != 0 ? Errno.EINVAL
        : Errno.None;

    /// <summary>Refuses a write that a queue could not hand on: its caller has lost track of the device.</summary>
    /// <exception cref="ArgumentException">The write is not aligned, or does not lie inside the device.</exception>
    public static void DemandWrite(IBlockDevice device, ReadOnlySpan<IoBufferSlice> pieces, long offsetBytes)
    {
        long lengthBytes = 0;
        int misalignment = 0;
        foreach (IoBufferSlice piece in pieces)
        {
            lengthBytes += piece.LengthBytes;
            misalignment |= (piece.OffsetBytes | piece.LengthBytes) & (device.AlignmentBytes - 1);
        }

        Errno error = misalignment != 0 ? Errno.EINVAL : CheckRange(device, offsetBytes, lengthBytes);
        if (error != Errno.None)
        {
            throw new ArgumentException(
                $"{device.Name} ({device.SizeBytes} bytes, alignment {device.AlignmentBytes}) cannot take a write of {lengthBytes} bytes at {offsetBytes}: {ErrnoText.Describe(error)}");
        }
    }

    /// <summary>Refuses a queue for writes to what cannot be written.</summary>
    /// <exception cref="InvalidOperationException">The device is read-only.</exception>
    public static void DemandWritable(IBlockDevice device)
    {
        if (device.IsReadOnly)
        {
            throw new InvalidOperationException($"{device.Name} is read-only: a queue for writes makes no sense on it");
        }
    }
}
