using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>A plain directory of the host's file system, by bare system calls.</summary>
internal sealed unsafe class DirectoryNamespace : INamespace
{
    private const int BufferBytes = 64 << 10;
    private const int RecordLengthOffset = 16;
    private const int NameOffset = 19;

    private readonly int _directory;
    private readonly NativeBuffer _buffer = new(BufferBytes);

    public DirectoryNamespace(string path)
    {
        Directory.CreateDirectory(path);
        _directory = Check(BareLibc.open(path, BareLibc.DirectoryOnly | BareLibc.CloseOnExec, 0), "open");
        Title = $"plain directory ({new DriveInfo(path).DriveFormat})";
    }

    public string Title { get; }

    public void Create(ReadOnlySpan<byte> name)
    {
        int file = Check(
            BareLibc.openat(_directory, Zeroed(name), BareLibc.ReadWrite | BareLibc.MustCreate | BareLibc.CloseOnExec, 0x1A4), "openat");
        Check(BareLibc.close(file), "close");
    }

    public void Lookup(ReadOnlySpan<byte> name)
    {
        byte* result = stackalloc byte[BareLibc.StatxSizeBytes];
        Check(BareLibc.statx(_directory, Zeroed(name), 0, BareLibc.StatxBasicStats, result), "statx");
    }

    public void Rename(ReadOnlySpan<byte> oldName, ReadOnlySpan<byte> newName) =>
        Check(BareLibc.renameat(_directory, Zeroed(oldName), _directory, Zeroed(newName)), "renameat");

    public void Unlink(ReadOnlySpan<byte> name) => Check(BareLibc.unlinkat(_directory, Zeroed(name), 0), "unlinkat");

    public long List()
    {
        BareLibc.lseek(_directory, 0, 0);
        byte* buffer = (byte*)_buffer.Address;
        long count = 0;
        int length;
        while ((length = Check((int)BareLibc.syscall(BareLibc.GetDents, _directory, (nint)buffer, BufferBytes, 0, 0), "getdents64")) > 0)
        {
            for (int offset = 0; offset < length; offset += Unsafe.ReadUnaligned<ushort>(buffer + offset + RecordLengthOffset))
            {
                count += buffer[offset + NameOffset] == '.' ? 0 : 1;
            }
        }

        return count;
    }

    public void BeginFill()
    {
    }

    public void EndFill() => Check(BareLibc.syncfs(_directory), "syncfs");

    public void Dispose()
    {
        Check(BareLibc.close(_directory), "close");
        _buffer.Dispose();
    }

    // The name's memory does not move: it is on a stack.
    private static byte* Zeroed(ReadOnlySpan<byte> name) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(name));

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new BenchException($"{call}: errno {Marshal.GetLastPInvokeError()}");
}
