using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// The least that a mount needs: one thread that answers INIT, the root's attributes and the opening of the root, and
/// refuses the rest. Ends by itself when the mount ends.
/// </summary>
internal sealed unsafe class TinyServer
{
    /// <summary>Long enough that only something that hangs reaches it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const uint DirectoryMode = 0x41ed;
    private readonly TaskCompletionSource _initAnswered = new();
    private readonly TaskCompletionSource _hanging = new();
    private readonly ConcurrentQueue<(int Descriptor, ulong Unique)> _held = new();
    private Thread? _thread;
    private volatile Errno _end;

    /// <summary>Answers INIT and ends: what a crash right after the mount looks like, once the device is closed too.</summary>
    public bool EndsAfterInit { get; init; }

    /// <summary>Takes requests for attributes and does not answer them before <see cref="AnswerHeld"/>.</summary>
    public bool Hangs { get; init; }

    public void Start(SafeFileHandle device)
    {
        _thread = new Thread(() => Serve(device)) { IsBackground = true, Name = "tiny-server" };
        _thread.Start();
    }

    public void WaitForInit() => Xunit.Assert.True(_initAnswered.Task.Wait(Patience), "INIT never came");

    /// <summary>Waits until a request has come that is not answered.</summary>
    public void WaitForHang() => Xunit.Assert.True(_hanging.Task.Wait(Patience), "no request came");

    /// <summary>
    /// Refuses what it has held. A test that leaves a caller waiting leaves it for good: no signal ends that wait, and this very process, which the
    /// caller keeps from exiting, is the one that holds the device open.
    /// </summary>
    public void AnswerHeld()
    {
        while (_held.TryDequeue(out (int Descriptor, ulong Unique) held))
        {
            Refuse(held.Descriptor, held.Unique, Errno.EIO);
        }
    }

    /// <summary>Waits for the thread to end, and says by what error of read(2) it did.</summary>
    public Errno WaitForEnd()
    {
        Xunit.Assert.True(_thread!.Join(Patience), "the server goes on though its mount has ended");
        return _end;
    }

    private void Serve(SafeFileHandle device)
    {
        using var buffer = new NativeBuffer(1 << 18);
        bool isHeld = false;
        device.DangerousAddRef(ref isHeld);
        try
        {
            int descriptor = (int)device.DangerousGetHandle();
            while (true)
            {
                long length = Libc.Read(descriptor, (void*)buffer.Address, (nuint)buffer.Length);
                if (length < 0 && -length is not ((int)Errno.EINTR or (int)Errno.ENOENT))
                {
                    _end = (Errno)(-length);
                    return;
                }

                if (length >= sizeof(FuseInHeader) && Answer(descriptor, MemoryMarshal.Read<FuseInHeader>(buffer.Span)))
                {
                    return;
                }
            }
        }
        finally
        {
            device.DangerousRelease();
        }
    }

    private bool Answer(int descriptor, in FuseInHeader request)
    {
        switch (request.Opcode)
        {
            case FuseOpcode.Init:
                Reply(descriptor, request.Unique, new FuseInitOut { Major = 7, Minor = 31, MaxReadahead = 1 << 20, MaxWrite = 1 << 16 });
                _initAnswered.SetResult();
                return EndsAfterInit;
            case FuseOpcode.GetAttr when !Hangs:
                var attributes = new FuseAttr { Inode = 1, Mode = DirectoryMode, LinkCount = 2, Uid = Libc.UserId(), Gid = Libc.GroupId() };
                Reply(descriptor, request.Unique, new FuseAttrOut { Attr = attributes });
                return false;
            case FuseOpcode.OpenDir:
                Reply(descriptor, request.Unique, default(FuseOpenOut));
                return false;
            case FuseOpcode.Statfs:
                Reply(descriptor, request.Unique, default(FuseStatfsOut));
                return false;
            case FuseOpcode.GetAttr:
                _held.Enqueue((descriptor, request.Unique));
                _hanging.TrySetResult();
                return false;
            case FuseOpcode.Forget or FuseOpcode.BatchForget or FuseOpcode.Interrupt:
                return false;
            default:
                Refuse(descriptor, request.Unique, Errno.ENOSYS);
                return false;
        }
    }

    private static void Refuse(int descriptor, ulong unique, Errno error)
    {
        var refusal = new FuseOutHeader { Length = (uint)sizeof(FuseOutHeader), Error = -(int)error, Unique = unique };
        _ = Libc.Write(descriptor, &refusal, (nuint)sizeof(FuseOutHeader));
    }

    private static void Reply<T>(int descriptor, ulong unique, in T payload)
        where T : unmanaged
    {
        int length = sizeof(FuseOutHeader) + sizeof(T);
        byte* reply = stackalloc byte[length];
        *(FuseOutHeader*)reply = new FuseOutHeader { Length = (uint)length, Unique = unique };
        Unsafe.WriteUnaligned(reply + sizeof(FuseOutHeader), payload);
        _ = Libc.Write(descriptor, reply, (nuint)length);
    }
}
