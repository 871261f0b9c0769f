using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>
    /// Copies memory of this process by process_vm_readv(2). The kernel walks both sides, so a page that cannot be had
    /// (past the end of a file, a media error, a full disk) ends the copy and raises no signal.
    /// </summary>
    /// <returns>Bytes copied, possibly fewer than asked; or a negated errno, EFAULT if the first page already failed.</returns>
    public static long CopyMemory(nint destination, nint source, nuint lengthBytes)
    {
        IoVec local = new(destination, lengthBytes);
        IoVec remote = new(source, lengthBytes);
        return Fold((long)process_vm_readv(Environment.ProcessId, &local, 1, &remote, 1, 0));
    }

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint process_vm_readv(
        int pid, IoVec* local_iov, nuint liovcnt, IoVec* remote_iov, nuint riovcnt, nuint flags);
}
