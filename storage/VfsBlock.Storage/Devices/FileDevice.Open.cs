using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>How a device comes to be.</content>
public sealed partial class FileDevice
{
    // An image holds other people's files, whatever their permissions inside it say.
    private const int ImageMode = 0x180;

    /// <summary>Opens a file or block device that exists, and keeps other openers out: all of them, or those who would write if this only reads.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="options">How; the defaults unless given.</param>
    /// <exception cref="StorageException">NotFound, Locked, ReadOnly (it may not be written), Invalid (no file), Io.</exception>
    public static FileDevice Open(string path, FileDeviceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new FileDeviceOptions();

        // Without NonBlocking, opening a pipe would wait for somebody at its other end; to files and disks it means nothing.
        OpenFlags flags = (options.IsReadOnly ? OpenFlags.ReadOnly : OpenFlags.ReadWrite) | OpenFlags.NonBlocking;
        HostFile? file = HostFile.TryOpen(path, flags, 0, out Errno error);
        if (file is null)
        {
            ThrowCannotOpen(path, error, options.IsReadOnly);
        }

        return TakeOver(path, file, options);
    }

    /// <summary>Makes a file full of zeros, without blocks of its own yet, and opens it.</summary>
    /// <param name="path">Where. A block device is never made, only overwritten.</param>
    /// <param name="sizeBytes">Its size, 0 or more; a multiple of 4096. A block device must have it already, or more.</param>
    /// <param name="isOverwriting">Take a file that exists, and throw away what it holds. What a block device holds stays until it is written.</param>
    /// <param name="options">How it is opened; not read-only.</param>
    /// <exception cref="StorageException">Exists, Locked, ReadOnly, Invalid, Io. A file that this made is gone again.</exception>
    public static FileDevice Create(string path, long sizeBytes, bool isOverwriting = false, FileDeviceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sizeBytes % DeviceRules.CommonAlignmentBytes, 0, nameof(sizeBytes));
        options ??= new FileDeviceOptions();
        if (options.IsReadOnly)
        {
            throw new ArgumentException("a device cannot be made read-only; make it, then open it again", nameof(options));
        }

        HostFile? file = HostFile.TryOpen(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, ImageMode, out Errno error);
        if (file is null && error == Errno.EEXIST)
        {
            return isOverwriting
                ? Overwrite(path, sizeBytes, options)
                : throw new StorageException(StorageErrorKind.Exists, error, $"cannot make '{path}'", "Choose another path, or allow overwriting.");
        }

        if (file is null)
        {
            ThrowCannotOpen(path, error, isReadOnly: false);
        }

        try
        {
            return SizeNew(path, TakeOver(path, file, options), sizeBytes);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static FileDevice Overwrite(string path, long sizeBytes, FileDeviceOptions options)
    {
        FileDevice device = Open(path, options);
        if (device._isRegular)
        {
            // By way of nothing, so that no old byte shows through.
            device.Resize(0);
            return SizeNew(path, device, sizeBytes);
        }

        if (device.SizeBytes >= sizeBytes)
        {
            return device;
        }

        string has = device.SizeBytes.ToString(CultureInfo.InvariantCulture);
        device.Dispose();
        throw new StorageException(
            StorageErrorKind.Invalid, $"block device '{path}' has {has} bytes, not {sizeBytes}", "Ask for a smaller image, or take a larger device.");
    }

    private static FileDevice SizeNew(string path, FileDevice device, long sizeBytes)
    {
        Errno error = device.Resize(sizeBytes);
        error = error == Errno.None ? FlushDirectoryOf(path) : error;
        if (error != Errno.None)
        {
            device.Dispose();
            throw new StorageException(StorageErrorKind.Io, error, $"cannot give '{path}' its {sizeBytes} bytes", "Choose a smaller size, or another file system.");
        }

        return device;
    }

    // The name of a new file is durable when its directory is.
    private static Errno FlushDirectoryOf(string path)
    {
        string directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        using HostFile? opened = HostFile.TryOpen(directory, OpenFlags.ReadOnly | OpenFlags.Directory, 0, out Errno error);
        error = opened?.Flush() ?? error;
        return error is Errno.EACCES or Errno.EINVAL ? Errno.None : error;
    }

    private static FileDevice TakeOver(string path, HostFile file, FileDeviceOptions options)
    {
        HostFile? owned = file;
        HostFile? direct = null;
        try
        {
            HostFileFacts facts = Inspect(path, file);
            if (facts.Kind == HostFileKind.BlockDevice && !options.IsReadOnly)
            {
                owned = ClaimBlockDevice(path, file);
            }

            if (!options.IsReadOnly || !options.IgnoresLock)
            {
                DemandLock(path, owned, options.IsReadOnly);
            }

            // Once more: what another opener did before the lock counts.
            facts = Inspect(path, owned);
            direct = options is { UseDirectIo: true, IsReadOnly: false } ? TryOpenDirect(owned, facts) : null;
            var device = new FileDevice(path, owned, direct, facts, options.IsReadOnly);
            owned = null;
            direct = null;
            return device;
        }
        finally
        {
            direct?.Dispose();
            owned?.Dispose();
        }
    }

    private static HostFileFacts Inspect(string path, HostFile file)
    {
        Errno error = file.GetFacts(out HostFileFacts facts);
        return error != Errno.None
            ? throw new StorageException(StorageErrorKind.Io, error, $"cannot find out what '{path}' is")
            : facts.Kind != HostFileKind.Other
            ? facts
            : throw new StorageException(StorageErrorKind.Invalid, $"'{path}' is neither a file nor a block device", "Give the path of an image.");
    }

    // To a block device O_EXCL means: not while it is mounted, or part of something that is.
    private static HostFile ClaimBlockDevice(string path, HostFile file)
    {
        HostFile? claimed = Reopen(file, OpenFlags.ReadWrite | OpenFlags.Exclusive, out Errno error);
        if (claimed is null)
        {
            ThrowCannotOpen(path, error, isReadOnly: false);
        }

        file.Dispose();
        return claimed;
    }

    private static void DemandLock(string path, HostFile file, bool isReadOnly)
    {
        Errno error = file.TryLock(isExclusive: !isReadOnly);
        if (error != Errno.None)
        {
            ThrowCannotOpen(path, error, isReadOnly);
        }
    }

    private static HostFile? TryOpenDirect(HostFile file, HostFileFacts facts) =>
        facts.DirectAlignmentBytes is 0 or > DeviceRules.CommonAlignmentBytes ? null : Reopen(file, OpenFlags.ReadWrite | OpenFlags.Direct, out _);

    // By the descriptor: the path may name another file by now.
    private static HostFile? Reopen(HostFile file, OpenFlags flags, out Errno error) => HostFile.TryOpen(
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.Handle.DangerousGetHandle()}"), flags, 0, out error);

    [DoesNotReturn]
    private static void ThrowCannotOpen(string path, Errno error, bool isReadOnly)
    {
        (StorageErrorKind kind, string nextStep) = error switch
        {
            Errno.ENOENT or Errno.ENOTDIR or Errno.ENXIO or Errno.ENODEV => (StorageErrorKind.NotFound, "Check the path, or make an image there first."),
            Errno.EBUSY => (StorageErrorKind.Locked, "Another process or mount has it: end that one first (fuser shows who), or both open it read-only."),
            Errno.EROFS or Errno.ETXTBSY => (StorageErrorKind.ReadOnly, "Open it read-only."),
            Errno.EACCES or Errno.EPERM when !isReadOnly => (StorageErrorKind.ReadOnly, "Check who owns it, or open it read-only."),
            Errno.EACCES or Errno.EPERM => (StorageErrorKind.Io, "Check who owns it."),
            Errno.EISDIR or Errno.EINVAL or Errno.ELOOP or Errno.ENAMETOOLONG or Errno.EILSEQ => (StorageErrorKind.Invalid, "Give the path of a file or block device."),
            _ => (StorageErrorKind.Io, "See open(2) for this error."),
        };
        throw new StorageException(kind, error, $"cannot open '{path}'", nextStep);
    }
}
