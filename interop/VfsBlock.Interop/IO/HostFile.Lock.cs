using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <content>The lock on the whole file.</content>
public sealed unsafe partial class HostFile
{
    /// <summary>
    /// Locks the whole file against other openers that ask for the lock, in this process or another; it ends with the last descriptor of
    /// this open file, or by <see cref="Unlock"/>. Does not wait. fcntl(2) F_OFD_SETLK; flock(2) where that is refused.
    /// </summary>
    /// <param name="isExclusive">True to share it with nobody, which needs a file open for writing; false to share it with those who share.</param>
    /// <returns>None; EBUSY if another has it; what fcntl(2) answered.</returns>
    public Errno TryLock(bool isExclusive)
    {
        using DescriptorLease lease = Lease();
        Errno error = SetLock(lease.Descriptor, isExclusive ? FileLock.Exclusive : FileLock.Shared);
        if (error is Errno.EINVAL or Errno.ENOLCK or Errno.EOPNOTSUPP or Errno.ENOSYS)
        {
            error = (Errno)(-Libc.FLock(lease.Descriptor, (isExclusive ? Libc.LockExclusive : Libc.LockShared) | Libc.LockNow));
        }

        return error is Errno.EAGAIN or Errno.EACCES ? Errno.EBUSY : error;
    }

    /// <summary>Ends the lock at once, though a mapping or a request in flight may keep the file open.</summary>
    public void Unlock()
    {
        using DescriptorLease lease = Lease();
        SetLock(lease.Descriptor, FileLock.None);
        Libc.FLock(lease.Descriptor, Libc.LockNone);
    }

    private static Errno SetLock(int descriptor, short type)
    {
        // From the start, of length 0: all of the file, however it grows.
        var wanted = new FileLock { Type = type };
        return (Errno)(-Libc.FCntl(descriptor, Libc.SetOpenFileLock, (long)&wanted));
    }
}
