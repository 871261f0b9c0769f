using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>
/// What the kernel does with the pages: flush, lock, advise, populate. Every member takes any byte range and works on the
/// pages it touches, except advice that destroys: that keeps to the pages wholly inside the range.
/// </summary>
public abstract partial class MemoryRegion
{
    /// <summary>Writes a range of a shared file back.</summary>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">Its size; 0 does nothing.</param>
    /// <param name="mode">What is promised on return.</param>
    /// <returns>
    /// None; EIO or ENOSPC if the file system could not write; EINVAL if no file is shared (anonymous or copy-on-write memory
    /// has nowhere to go, and success would be a lie).
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie inside the region.</exception>
    /// <exception cref="ObjectDisposedException">The region was disposed.</exception>
    public Errno Flush(long offsetBytes, long lengthBytes, FlushMode mode)
    {
        using Hold hold = new(this);
        CheckRange(offsetBytes, lengthBytes);
        if (!IsFileShared)
        {
            return Errno.EINVAL;
        }

        // To sync_file_range a length of 0 means "to the end of the file".
        if (lengthBytes == 0)
        {
            return Errno.None;
        }

        PageRange pages = PageRange.Touched(AddressOf(offsetBytes), lengthBytes);
        int returned;
        do
        {
            returned = mode == FlushMode.Durable
                ? Libc.MSync(pages.Address, pages.LengthBytes, Libc.SyncAndWait)
                : Libc.SyncFileRange(
                    _mapping.FileDescriptor, FileOffsetBytes + offsetBytes, lengthBytes, Libc.SyncFileRangeWrite);
        }
        while (returned == -(int)Errno.EINTR);

        return (Errno)(-returned);
    }

    /// <summary>Reads the range's pages in and keeps them in memory until <see cref="Unlock"/> or dispose (mlock).</summary>
    /// <inheritdoc cref="PopulateForReading" path="/param"/>
    /// <returns>
    /// None; ENOMEM over the limit RLIMIT_MEMLOCK, or if a page cannot be read; EPERM if the limit is 0; EAGAIN if some pages
    /// could not be locked. A caller with CAP_IPC_LOCK has no limit.
    /// </returns>
    /// <inheritdoc cref="Flush" path="/exception"/>
    public Errno Lock(long offsetBytes, long lengthBytes)
    {
        using Hold hold = new(this);
        CheckRange(offsetBytes, lengthBytes);
        PageRange pages = PageRange.Touched(AddressOf(offsetBytes), lengthBytes);
        return (Errno)(-Libc.MLock(pages.Address, pages.LengthBytes));
    }

    /// <summary>Lets the range's pages be reclaimed again (munlock). Locks do not nest: one unlock undoes every lock.</summary>
    /// <inheritdoc cref="Lock"/>
    /// <returns>None, or what the kernel answered.</returns>
    public Errno Unlock(long offsetBytes, long lengthBytes)
    {
        using Hold hold = new(this);
        CheckRange(offsetBytes, lengthBytes);
        PageRange pages = PageRange.Touched(AddressOf(offsetBytes), lengthBytes);
        return (Errno)(-Libc.MUnlock(pages.Address, pages.LengthBytes));
    }

    /// <summary>Tells the kernel how the range will be used (madvise).</summary>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">Its size.</param>
    /// <param name="advice">How. Read what <see cref="MemoryAdvice.DontNeed"/> does to private memory.</param>
    /// <returns>None, or what the kernel answered: EINVAL if this mapping or this kernel does not know the advice.</returns>
    /// <inheritdoc cref="Flush" path="/exception"/>
    public Errno Advise(long offsetBytes, long lengthBytes, MemoryAdvice advice)
    {
        using Hold hold = new(this);
        CheckRange(offsetBytes, lengthBytes);
        bool destroys = advice is MemoryAdvice.DontNeed or MemoryAdvice.Free or MemoryAdvice.Remove;
        nint address = AddressOf(offsetBytes);
        PageRange pages = destroys ? PageRange.Inside(address, lengthBytes) : PageRange.Touched(address, lengthBytes);
        return (Errno)(-Libc.MAdvise(pages.Address, pages.LengthBytes, (int)advice));
    }

    /// <summary>
    /// Reads the range in and maps it, so that reading it needs no page fault until memory grows short. It waits for the disk in
    /// native code: the garbage collector does not wait with it, as it would for a fault in managed code.
    /// </summary>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">Its size.</param>
    /// <returns>None; EFAULT where a touch would be SIGBUS (file truncated, media error); EINVAL before Linux 5.14.</returns>
    /// <inheritdoc cref="Flush" path="/exception"/>
    public Errno PopulateForReading(long offsetBytes, long lengthBytes) =>
        Populate(offsetBytes, lengthBytes, Libc.AdvisePopulateRead);

    /// <summary>
    /// As <see cref="PopulateForReading"/>, for writing: a shared file's blocks are allocated, a private page is copied.
    /// </summary>
    /// <inheritdoc cref="PopulateForReading"/>
    /// <returns>None; EFAULT where a touch would be SIGBUS (file truncated, disk full); EINVAL before Linux 5.14.</returns>
    /// <exception cref="InvalidOperationException">The region is read-only.</exception>
    public Errno PopulateForWriting(long offsetBytes, long lengthBytes)
    {
        CheckWritable();
        return Populate(offsetBytes, lengthBytes, Libc.AdvisePopulateWrite);
    }

    private Errno Populate(long offsetBytes, long lengthBytes, int advice)
    {
        using Hold hold = new(this);
        CheckRange(offsetBytes, lengthBytes);
        PageRange pages = PageRange.Touched(AddressOf(offsetBytes), lengthBytes);
        int returned;
        do
        {
            returned = Libc.MAdvise(pages.Address, pages.LengthBytes, advice);
        }
        while (returned == -(int)Errno.EINTR);

        return (Errno)(-returned);
    }
}
