using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <content>Linux AIO. The C library has no wrappers for these calls, so they go by number.</content>
internal static unsafe partial class Libc
{
    private static readonly AioCallNumbers _aio = AioCallNumbers.OfThisMachine();

    /// <summary>io_setup(2): fills <paramref name="context"/>, which must hold 0.</summary>
    public static int IoSetup(uint depth, nuint* context) =>
        (int)Fold(syscall(_aio.Setup, (nint)depth, (nint)context, 0, 0, 0));

    /// <summary>io_destroy(2): waits, uninterruptibly, until every request in flight has ended.</summary>
    public static int IoDestroy(nuint context) => (int)Fold(syscall(_aio.Destroy, (nint)context, 0, 0, 0, 0));

    /// <summary>
    /// io_submit(2): how many of the requests went in, or the errno of the first if none did. The blocks and their
    /// iovecs are copied; the memory they point to is in use until the event comes.
    /// </summary>
    public static int IoSubmit(nuint context, nint requestCount, AioRequestBlock** requests) =>
        (int)Fold(syscall(_aio.Submit, (nint)context, requestCount, (nint)requests, 0, 0));

    /// <summary>io_getevents(2). A null timeout waits for ever.</summary>
    public static int IoGetEvents(nuint context, nint minimum, nint maximum, AioEvent* events, TimeSpec* timeout) =>
        (int)Fold(syscall(_aio.GetEvents, (nint)context, minimum, maximum, (nint)events, (nint)timeout));

    /// <summary>io_cancel(2).</summary>
    public static int IoCancel(nuint context, AioRequestBlock* request, AioEvent* result) =>
        (int)Fold(syscall(_aio.Cancel, (nint)context, (nint)request, (nint)result, 0, 0));

    [LibraryImport(Library, SetLastError = true)]
    private static partial long syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    private readonly record struct AioCallNumbers(nint Setup, nint Destroy, nint GetEvents, nint Submit, nint Cancel)
    {
        public static AioCallNumbers OfThisMachine() => RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => new(Setup: 206, Destroy: 207, GetEvents: 208, Submit: 209, Cancel: 210),
            // The table of include/uapi/asm-generic/unistd.h.
            Architecture.Arm64 => new(Setup: 0, Destroy: 1, Submit: 2, Cancel: 3, GetEvents: 4),
            var other => throw new PlatformNotSupportedException($"Linux AIO call numbers of {other} are not known; VfsBlock runs on x86-64 and arm64"),
        };
    }
}
