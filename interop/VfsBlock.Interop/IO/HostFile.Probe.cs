using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <content>Asks the file system which transfer flags it knows.</content>
public sealed unsafe partial class HostFile
{
    private static readonly RwFlags[] ProbedFlags = [.. Enum.GetValues<RwFlags>().Where(flag => flag != RwFlags.None)];

    /// <summary>
    /// Finds out which flags this file accepts, each alone, by trying them. The answer holds for the file system and the
    /// way the file is opened (O_DIRECT or not); ask once and keep it.
    /// </summary>
    /// <remarks>
    /// Changes no byte and no size: reads are real, and writes are given memory that cannot be read, so that the kernel
    /// judges the flag and then fails with EFAULT. It may set the modification time as any write does. A pipe or socket,
    /// which has no offsets, accepts none. Allocates; belongs to start-up.
    /// </remarks>
    public RwFlagSupport ProbeRwFlags()
    {
        using DescriptorLease lease = Lease();
        // O_DIRECT judges alignment before the flag; a block at offset 0 passes everywhere, and one byte is the least harm.
        int openFlags = Libc.FCntl(lease.Descriptor, Libc.GetStatusFlags, 0);
        bool isDirect = openFlags >= 0 && (OpenFlagNumbers.FromKernel(openFlags) & OpenFlags.Direct) != 0;
        using var buffer = new NativeBuffer(Environment.SystemPageSize);
        var readable = new IoVec(buffer, 0, isDirect ? buffer.Length : 1);
        var unreadable = new IoVec(0, readable.LengthBytes);

        var support = default(RwFlagSupport);
        foreach (RwFlags flag in ProbedFlags)
        {
            long read = new SystemRead(lease.Descriptor).Call(new ReadOnlySpan<IoVec>(in readable), 0, flag);
            if (read >= 0 || IsWouldWait(read, flag))
            {
                support = support with { Read = support.Read | flag };
            }

            if (AcceptsWrite(lease.Descriptor, unreadable, flag))
            {
                support = support with { Write = support.Write | flag };
            }
        }

        return support;
    }

    private static bool AcceptsWrite(int descriptor, IoVec unreadable, RwFlags flag)
    {
        if (flag == RwFlags.Atomic)
        {
            // An atomic write has a power of two as its length: for 3 bytes EINVAL comes from a kernel that knows the
            // flag, EOPNOTSUPP from one that does not, and neither touches the file.
            var odd = new IoVec(0, 3);
            return new SystemWrite(descriptor).Call(new ReadOnlySpan<IoVec>(in odd), 0, flag) == -(long)Errno.EINVAL;
        }

        long written = new SystemWrite(descriptor).Call(new ReadOnlySpan<IoVec>(in unreadable), 0, flag);
        return written == -(long)Errno.EFAULT || IsWouldWait(written, flag);
    }

    private static bool IsWouldWait(long returned, RwFlags flag) =>
        flag == RwFlags.NoWait && returned == -(long)Errno.EAGAIN;
}
