using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>A file of the host by bare system calls: what the disk can do, past the page cache or through it.</summary>
/// <remarks>Owns the descriptor. Any thread.</remarks>
internal sealed unsafe class RawFile : IDisposable
{
    private readonly int _descriptor;

    public RawFile(string path, bool isDirect)
    {
        int flags = BareLibc.ReadWrite | BareLibc.MayCreate | BareLibc.CloseOnExec | (isDirect ? BareLibc.Direct : 0);
        _descriptor = BareLibc.open(path, flags, 0x1A4);
        if (_descriptor < 0)
        {
            throw new BenchException($"cannot open {path} {(isDirect ? "with O_DIRECT" : "")}: errno {Marshal.GetLastPInvokeError()}; name another disk by --dir");
        }
    }

    /// <summary>Bytes that the file takes on the disk.</summary>
    public long AllocatedBytes
    {
        get
        {
            const int blocksOffset = 48;
            const int sectorBytes = 512;
            byte* result = stackalloc byte[BareLibc.StatxSizeBytes];
            byte empty = 0;
            Check(BareLibc.statx(_descriptor, &empty, BareLibc.EmptyPath, BareLibc.StatxBasicStats, result), 0);
            return *(long*)(result + blocksOffset) * sectorBytes;
        }
    }

    public void Write(NativeBuffer buffer, int lengthBytes, long offsetBytes) =>
        Check(BareLibc.pwrite(_descriptor, (void*)buffer.Address, (nuint)lengthBytes, offsetBytes), lengthBytes);

    public void Read(NativeBuffer buffer, int lengthBytes, long offsetBytes) =>
        Check(BareLibc.pread(_descriptor, (void*)buffer.Address, (nuint)lengthBytes, offsetBytes), lengthBytes);

    public void Flush() => Check(BareLibc.fdatasync(_descriptor), 0);

    /// <summary>Takes what is clean out of the page cache, unless it is mapped.</summary>
    public void DropCache() => Check(BareLibc.posix_fadvise(_descriptor, 0, 0, BareLibc.DontNeed), 0);

    public void Dispose() => Check(BareLibc.close(_descriptor), 0);

    private static void Check(long result, long expected)
    {
        if (result != expected)
        {
            throw new BenchException($"I/O on the plain file gave {result} instead of {expected}, errno {Marshal.GetLastPInvokeError()}");
        }
    }
}
