using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <summary><c>struct flock</c> of fcntl(2) on 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FileLock
{
    /// <summary>F_RDLCK.</summary>
    public const short Shared = 0;

    /// <summary>F_WRLCK.</summary>
    public const short Exclusive = 1;

    /// <summary>F_UNLCK.</summary>
    public const short None = 2;

    public short Type;

    /// <summary>What the start counts from; 0 is SEEK_SET.</summary>
    public short Whence;

    public long StartBytes;

    /// <summary>0: to the end, wherever it is.</summary>
    public long LengthBytes;

    /// <summary>0, as open file description locks demand.</summary>
    public int ProcessId;
}
