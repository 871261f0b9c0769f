using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>
/// An open file of the host. Transfers come in two kinds: <c>ReadAt</c> and <c>WriteAt</c> are one system call and may
/// move less than asked; <c>ReadExactlyAt</c> and <c>WriteAllAt</c> go on until all is moved, the file ends, or an
/// error stops them. Only the names with <c>Next</c> use the descriptor's own position.
/// </summary>
/// <remarks>
/// Owns the descriptor. Any thread may call any method at any time: a call under way keeps the descriptor open, and one
/// that starts after <see cref="Dispose"/> throws <see cref="ObjectDisposedException"/>. No method takes a lock; the
/// transfers allocate nothing. Failures of the file are values, never exceptions.
/// </remarks>
public sealed partial class HostFile : IDisposable
{
    private const int MaxPathBytes = 4096;

    private readonly SafeFileHandle _handle;
    private volatile bool _isDisposed;

    /// <summary>Takes over an open descriptor: a file, a pipe, a device.</summary>
    public HostFile(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handle = handle;
    }

    /// <summary>
    /// The descriptor, for calls this class does not have. It stays the file's: whoever borrows it counts itself in
    /// (DangerousAddRef) and does not dispose of it.
    /// </summary>
    public SafeFileHandle Handle => _handle;

    /// <summary>Opens a file, for callers to whom a failure is an answer.</summary>
    /// <param name="path">Its path in the bytes of the host, without a zero byte.</param>
    /// <param name="flags">How; <see cref="OpenFlags.CloseOnExec"/> is always added.</param>
    /// <param name="mode">Permission bits of a file that this makes, less the umask.</param>
    /// <param name="error">Why there is no file: EINVAL for a zero byte in the path, else what open(2) says.</param>
    /// <returns>The file, or null.</returns>
    public static HostFile? TryOpen(ReadOnlySpan<byte> path, OpenFlags flags, int mode, out Errno error)
    {
        if (path.Length >= MaxPathBytes)
        {
            error = Errno.ENAMETOOLONG;
            return null;
        }

        if (path.Contains((byte)0))
        {
            error = Errno.EINVAL;
            return null;
        }

        Span<byte> terminated = stackalloc byte[path.Length + 1];
        path.CopyTo(terminated);
        terminated[^1] = 0;
        return OpenTerminated(terminated, flags | OpenFlags.CloseOnExec, mode, out error);
    }

    /// <summary>Opens a file, for callers to whom a failure is an answer.</summary>
    /// <inheritdoc cref="TryOpen(ReadOnlySpan{byte}, OpenFlags, int, out Errno)"/>
    /// <param name="path">Its path, which goes to the host as UTF-8; half a surrogate pair is EILSEQ.</param>
    /// <param name="flags">How; <see cref="OpenFlags.CloseOnExec"/> is always added.</param>
    /// <param name="mode">Permission bits of a file that this makes, less the umask.</param>
    /// <param name="error">Why there is no file.</param>
    public static HostFile? TryOpen(string path, OpenFlags flags, int mode, out Errno error)
    {
        ArgumentNullException.ThrowIfNull(path);
        Span<byte> bytes = stackalloc byte[MaxPathBytes];
        OperationStatus status = Utf8.FromUtf16(path, bytes, out _, out int lengthBytes, replaceInvalidSequences: false);
        if (status != OperationStatus.Done)
        {
            error = status == OperationStatus.DestinationTooSmall ? Errno.ENAMETOOLONG : Errno.EILSEQ;
            return null;
        }

        return TryOpen(bytes[..lengthBytes], flags, mode, out error);
    }

    /// <summary>Opens a file that the caller cannot do without.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="flags">How; <see cref="OpenFlags.CloseOnExec"/> is always added.</param>
    /// <param name="mode">Permission bits of a file that this makes, less the umask.</param>
    /// <exception cref="ErrnoException">It cannot be opened.</exception>
    public static HostFile Open(string path, OpenFlags flags, int mode = 0)
    {
        HostFile? file = TryOpen(path, flags, mode, out Errno error);
        if (file is null)
        {
            ThrowCannotOpen(path, flags, error);
        }

        return file;
    }

    /// <summary>
    /// Closes the descriptor, or, if calls are under way on other threads, leaves that to the last of them. Errors of
    /// close(2) are lost: whoever cares about the data flushes first. A second call does nothing.
    /// </summary>
    public void Dispose()
    {
        _isDisposed = true;
        _handle.Dispose();
    }

    private static unsafe HostFile? OpenTerminated(
        ReadOnlySpan<byte> terminatedPath,
        OpenFlags flags,
        int mode,
        out Errno error)
    {
        int descriptor;
        fixed (byte* bytes = terminatedPath)
        {
            do
            {
                descriptor = Libc.Open(bytes, flags, (uint)mode);
            }
            while (descriptor == -(int)Errno.EINTR);
        }

        error = descriptor < 0 ? (Errno)(-descriptor) : Errno.None;
        return descriptor < 0 ? null : new HostFile(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    [DoesNotReturn]
    private static void ThrowCannotOpen(string path, OpenFlags flags, Errno error)
    {
        string nextStep = error switch
        {
            Errno.ENOENT => "Check the path, or add OpenFlags.Create.",
            Errno.EACCES or Errno.EPERM or Errno.EROFS => "Check who owns it and how it is mounted, or open it for reading.",
            Errno.EINVAL when (flags & OpenFlags.Direct) != 0 => "This file system refuses O_DIRECT; open without it.",
            Errno.EMFILE or Errno.ENFILE => "Close files, or raise the limit (ulimit -n).",
            _ => "See open(2) for this error.",
        };
        throw new ErrnoException(error, $"cannot open '{path}' ({flags})", nextStep);
    }

    /// <summary>Holds the descriptor open for one call.</summary>
    /// <remarks>
    /// The handle alone would admit new calls after Dispose for as long as an older one is under way; the flag does not.
    /// </remarks>
    private DescriptorLease Lease()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new DescriptorLease(_handle);
    }
}
