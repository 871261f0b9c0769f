using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <content>Size, space, durability, and what the file is.</content>
public sealed partial class HostFile
{
    /// <summary>Makes everything written so far durable, attributes included. fsync(2).</summary>
    /// <returns>
    /// None, or why not. After EIO, ENOSPC or EDQUOT the kernel may have dropped the pages and a second flush may succeed
    /// without them: the data is then to be written again, not flushed again.
    /// </returns>
    public Errno Flush()
    {
        using DescriptorLease lease = Lease();
        Errno error;
        do
        {
            error = (Errno)(-Libc.FSync(lease.Descriptor));
        }
        while (error == Errno.EINTR);

        return error;
    }

    /// <summary>Makes the data written so far durable, with the attributes needed to read it back. fdatasync(2).</summary>
    /// <inheritdoc cref="Flush"/>
    public Errno FlushData()
    {
        using DescriptorLease lease = Lease();
        Errno error;
        do
        {
            error = (Errno)(-Libc.FDataSync(lease.Descriptor));
        }
        while (error == Errno.EINTR);

        return error;
    }

    /// <summary>Starts writing the dirty pages of a range to the disk, and does not wait. Promises nothing. sync_file_range(2).</summary>
    /// <param name="offsetBytes">Where the range starts, 0 or more.</param>
    /// <param name="lengthBytes">Its length; 0 for all that follows.</param>
    public Errno StartWriteBack(long offsetBytes, long lengthBytes)
    {
        using DescriptorLease lease = Lease();
        return (Errno)(-Libc.SyncFileRange(lease.Descriptor, offsetBytes, lengthBytes, Libc.SyncFileRangeWrite));
    }

    /// <summary>Starts reading a range into the page cache, and does not wait. Promises nothing. posix_fadvise(2), POSIX_FADV_WILLNEED.</summary>
    /// <param name="offsetBytes">Where the range starts, 0 or more.</param>
    /// <param name="lengthBytes">Its length; 0 for all that follows.</param>
    /// <returns>None, or why not: ESPIPE for what is no file.</returns>
    public Errno StartReadAhead(long offsetBytes, long lengthBytes)
    {
        using DescriptorLease lease = Lease();
        return (Errno)(-Libc.FAdvise(lease.Descriptor, offsetBytes, lengthBytes, Libc.FileAdviceWillNeed));
    }

    /// <summary>Gives a range blocks, takes them away, or moves what follows. fallocate(2).</summary>
    /// <param name="modes">What to do; see <see cref="FallocateModes"/>.</param>
    /// <param name="offsetBytes">Where the range starts, 0 or more; a negative one is EINVAL.</param>
    /// <param name="lengthBytes">Its length, more than 0; else EINVAL.</param>
    /// <returns>None, or why not: ENOSPC, EFBIG, EOPNOTSUPP and the others of fallocate(2).</returns>
    public Errno Allocate(FallocateModes modes, long offsetBytes, long lengthBytes)
    {
        using DescriptorLease lease = Lease();
        Errno error;
        do
        {
            error = (Errno)(-Libc.FAllocate(lease.Descriptor, modes, offsetBytes, lengthBytes));
        }
        while (error == Errno.EINTR);

        return error;
    }

    /// <summary>Cuts the file or grows it; what is new reads as zeros and has no blocks yet. ftruncate(2).</summary>
    /// <param name="sizeBytes">Its new size, 0 or more; a negative one is EINVAL.</param>
    /// <returns>None, or why not: EFBIG, EINVAL (not open for writing) and the others of ftruncate(2).</returns>
    public Errno Resize(long sizeBytes)
    {
        using DescriptorLease lease = Lease();
        Errno error;
        do
        {
            error = (Errno)(-Libc.FTruncate(lease.Descriptor, sizeBytes));
        }
        while (error == Errno.EINTR);

        return error;
    }

    /// <summary>
    /// Asks for the file's size; a block device says its capacity, a pipe or another device 0. statx(2), BLKGETSIZE64.
    /// </summary>
    /// <param name="sizeBytes">The size, or 0 after an error.</param>
    /// <returns>None, or why not; EOVERFLOW for a size beyond <see cref="long.MaxValue"/>.</returns>
    public Errno GetSize(out long sizeBytes)
    {
        using DescriptorLease lease = Lease();
        Errno error = HostFileFacts.Ask(lease.Descriptor, out HostFileFacts facts);
        sizeBytes = facts.SizeBytes;
        return error;
    }

    /// <summary>Asks what the file is, how large, and what O_DIRECT wants of it. statx(2), ioctl BLKGETSIZE64.</summary>
    /// <param name="facts">The answers if there was no error.</param>
    /// <returns>None, or why not; EOVERFLOW for a size beyond <see cref="long.MaxValue"/>.</returns>
    public Errno GetFacts(out HostFileFacts facts)
    {
        using DescriptorLease lease = Lease();
        return HostFileFacts.Ask(lease.Descriptor, out facts);
    }
}
