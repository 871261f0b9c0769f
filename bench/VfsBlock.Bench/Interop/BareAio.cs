using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>Linux AIO by its bare system calls, with blocks made beforehand. Owns the context. For one thread.</summary>
internal sealed unsafe class BareAio : IDisposable
{
    private readonly NativeBuffer _blocks;
    private readonly NativeBuffer _pointers;
    private readonly NativeBuffer _events;
    private readonly nint _context;

    /// <summary>Prepares reads of <paramref name="lengthBytes"/> each, one after the other in file and memory.</summary>
    public BareAio(int descriptor, NativeBuffer memory, int lengthBytes, int depth)
    {
        _blocks = new NativeBuffer(depth * sizeof(AioRequestBlock));
        _pointers = new NativeBuffer(depth * sizeof(nint));
        _events = new NativeBuffer(depth * sizeof(AioEvent));
        var blocks = (AioRequestBlock*)_blocks.Address;
        var pointers = (AioRequestBlock**)_pointers.Address;
        for (int index = 0; index < depth; index++)
        {
            blocks[index] = new AioRequestBlock
            {
                Opcode = AioOpcode.Read,
                FileDescriptor = descriptor,
                Buffer = (ulong)(memory.Address + (index * lengthBytes)),
                Length = (ulong)lengthBytes,
                OffsetBytes = (long)index * lengthBytes,
            };
            pointers[index] = &blocks[index];
        }

        nint context = 0;
        if (BareLibc.syscall(BareLibc.IoSetup, depth, (nint)(&context), 0, 0, 0) != 0)
        {
            var error = (Errno)Marshal.GetLastPInvokeError();
            throw new BenchException($"io_setup: {ErrnoText.Describe(error)}; see /proc/sys/fs/aio-max-nr");
        }

        _context = context;
    }

    /// <summary>Submits the first <paramref name="count"/> reads and waits for them.</summary>
    /// <returns>How many ended.</returns>
    public long SubmitAndReap(int count)
    {
        long submitted = BareLibc.syscall(BareLibc.IoSubmit, _context, count, _pointers.Address, 0, 0);
        return BareLibc.syscall(BareLibc.IoGetEvents, _context, (nint)submitted, count, _events.Address, 0);
    }

    public void Dispose()
    {
        _ = BareLibc.syscall(BareLibc.IoDestroy, _context, 0, 0, 0, 0);
        _blocks.Dispose();
        _pointers.Dispose();
        _events.Dispose();
    }
}
