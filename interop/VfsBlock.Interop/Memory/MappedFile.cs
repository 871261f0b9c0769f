using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>What mapping a file takes besides mmap: its length, its space, the kernel's flags, words for a failure.</summary>
/// <remarks>No state; any thread may call it.</remarks>
internal static class MappedFile
{
    /// <summary>The file's size.</summary>
    /// <param name="file">The file.</param>
    /// <param name="lengthBytes">Its size in bytes, if there is no error.</param>
    /// <returns>None; ENODEV for what is neither a regular file nor a block device; what the kernel answered.</returns>
    public static Errno GetLength(SafeFileHandle file, out long lengthBytes)
    {
        using DescriptorLease lease = new(file);
        return GetLength(lease.Descriptor, out lengthBytes);
    }

    /// <summary>Makes sure that a mapping of the range has a page of the file behind every address.</summary>
    /// <param name="descriptor">The file; the caller keeps it open.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">Its size; offset and length together fit a long.</param>
    /// <param name="allocateSpace">Give the range its blocks, extending the file, instead of only looking.</param>
    /// <returns>None; ENXIO if the file ends before the range does; ENODEV; what statx(2) or fallocate(2) answered.</returns>
    public static Errno EnsureCovers(int descriptor, long offsetBytes, long lengthBytes, bool allocateSpace)
    {
        if (!allocateSpace)
        {
            Errno error = GetLength(descriptor, out long fileBytes);
            return error == Errno.None && fileBytes - offsetBytes < lengthBytes ? Errno.ENXIO : error;
        }

        int returned;
        do
        {
            returned = Libc.FAllocate(descriptor, FallocateModes.None, offsetBytes, lengthBytes);
        }
        while (returned == -(int)Errno.EINTR);

        return (Errno)(-returned);
    }

    /// <summary>The kernel's protection for an access; every mapping can be read.</summary>
    public static MapProtection Protection(MapAccess access, MapOptions options) =>
        MapProtection.Read
        | (access == MapAccess.ReadOnly ? MapProtection.None : MapProtection.Write)
        | (options.HasFlag(MapOptions.Executable) ? MapProtection.Execute : MapProtection.None);

    /// <summary>The kernel's flags for an access.</summary>
    public static MapFlags Flags(MapAccess access, MapOptions options) =>
        (access == MapAccess.CopyOnWrite ? MapFlags.Private : MapFlags.Shared)
        | (options.HasFlag(MapOptions.ReadAhead) ? MapFlags.Populate : default);

    /// <summary>The exception for a mapping that was refused.</summary>
    public static ErrnoException Failure(Errno error, SafeFileHandle file, long offsetBytes, long lengthBytes)
    {
        string nextStep = error switch
        {
            Errno.ENXIO => $"The file has {Length(file)} bytes: map less, or let AllocateSpace extend it.",
            Errno.EINVAL when lengthBytes == 0 => "The file is empty: write to it, or map with AllocateSpace.",
            Errno.EACCES => "Open the file for reading, and for writing too if the mapping shall be ReadWrite.",
            Errno.ENOSPC => "Free space on its file system.",
            Errno.EOPNOTSUPP => "Its file system cannot allocate ahead: write the range first and map without AllocateSpace.",
            Errno.ENODEV => "Only regular files and block devices can be mapped.",
            _ => "",
        };
        return new ErrnoException(error, $"cannot map {lengthBytes} bytes at {offsetBytes} of {Name(file)}", nextStep);
    }

    /// <summary>The file's path, for messages.</summary>
    public static string Name(SafeFileHandle file) =>
        new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget ?? "a file without a name";

    private static Errno GetLength(int descriptor, out long lengthBytes)
    {
        Errno error = HostFileFacts.Ask(descriptor, out HostFileFacts facts);
        lengthBytes = facts.SizeBytes;
        return error == Errno.None && !facts.HasSize ? Errno.ENODEV : error;
    }

    private static long Length(SafeFileHandle file) => GetLength(file, out long lengthBytes) == Errno.None ? lengthBytes : 0;
}
