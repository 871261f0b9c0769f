using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Images that have a path.</summary>
public sealed partial class BlockFile
{
    private string? _path;

    /// <summary>Makes a file that holds an empty image, and opens it.</summary>
    /// <param name="path">Where; nothing may be there yet.</param>
    /// <param name="format">What is fixed from now on; blocks of 4096 bytes and no limit unless told.</param>
    /// <param name="options">How it is opened.</param>
    /// <exception cref="StorageException">Exists, Invalid, Io. After a failure there is no file.</exception>
    public static BlockFile Create(string path, BlockFileFormat? format = null, BlockFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        format ??= new BlockFileFormat();
        CheckFormat($"'{path}'", format);
        FileDevice device = FileDevice.Create(path, 0);
        try
        {
            Format(device, format);
            BlockFile file = Open(device, options);
            file._path = path;
            return file;
        }
        catch
        {
            device.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>As the other, with nothing but a block size.</summary>
    /// <param name="path">Where; nothing may be there yet.</param>
    /// <param name="blockSizeBytes">A multiple of 4096, at most 65536.</param>
    /// <inheritdoc cref="Create(string, BlockFileFormat?, BlockFileOptions?)" path="/exception"/>
    public static BlockFile Create(string path, int blockSizeBytes) => Create(path, new BlockFileFormat { BlockSizeBytes = blockSizeBytes });

    /// <summary>Opens a file or block device that holds an image. Makes nothing; keeps other openers out until it is closed.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="options">How.</param>
    /// <exception cref="StorageException">
    /// NotFound; Locked: somebody else has it; NotRecognised, Truncated, TooNew, Corrupt: what it holds; ReadOnly; Io.
    /// </exception>
    public static BlockFile Open(string path, BlockFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileDevice device = FileDevice.Open(path, new FileDeviceOptions { IsReadOnly = options?.IsReadOnly ?? false });
        BlockFile file = Open(device, options);
        file._path = path;
        return file;
    }

    /// <summary>Deletes the file. It must be closed.</summary>
    /// <returns>EBUSY while it is open; EINVAL if it has no path; what the host says.</returns>
    public Errno Remove()
    {
        if (!_isClosed)
        {
            return Errno.EBUSY;
        }

        if (_path is null)
        {
            return Errno.EINVAL;
        }

        try
        {
            File.Delete(_path);
            return Errno.None;
        }
        catch (UnauthorizedAccessException)
        {
            return Errno.EACCES;
        }
        catch (IOException)
        {
            return Errno.EIO;
        }
    }
}
