using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Volumes on devices: making, opening, making durable.</content>
public sealed partial class Volume
{
    private readonly VolumeImage? _image;
    private MaintenanceThread? _maintenance;

    private Volume(VolumeImage image)
        : this(image.Core) => _image = image;

    /// <summary>The image below, for tests and checkers.</summary>
    internal VolumeImage Image => _image ?? throw new InvalidOperationException("this volume has no image");

    /// <summary>Makes an empty volume in a new file.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="format">What is decided now and stays.</param>
    /// <exception cref="StorageException">Exists, Invalid, Io.</exception>
    public static void Format(string path, VolumeFormat? format = null)
    {
        using FileDevice device = FileDevice.Create(path, 0);
        Format(device, format);
    }

    /// <summary>Makes an empty volume on a device, whatever it held before. The device stays the caller's.</summary>
    /// <exception cref="StorageException">Invalid, Io.</exception>
    public static void Format(IBlockDevice device, VolumeFormat? format = null) => VolumeImage.Format(device, format ?? new VolumeFormat());

    /// <summary>Opens the volume in a file. If it was not closed, the log is replayed first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How. Unless <see cref="VolumeOptions.Maintenance"/> says something else, a thread syncs what changed every few seconds.</param>
    /// <exception cref="StorageException">NotFound, NotRecognised, Truncated, TooNew, Corrupt, Locked, ReadOnly, Io.</exception>
    public static Volume Open(string path, VolumeOptions? options = null)
    {
        options ??= new VolumeOptions();
#pragma warning disable CA2000 // the volume owns the device from then on
        return Open(FileDevice.Open(path, new FileDeviceOptions { IsReadOnly = options.File.IsReadOnly }), options with { Maintenance = options.Maintenance ?? MaintenanceOptions.Default });
#pragma warning restore CA2000
    }

    /// <summary>Opens the volume on a device, which belongs to the volume from then on, whether opening succeeds or not.</summary>
    /// <param name="device">The device.</param>
    /// <param name="options">How. Unless <see cref="VolumeOptions.Maintenance"/> says something else, nothing is made durable without being asked.</param>
    /// <exception cref="StorageException">NotRecognised, Truncated, TooNew, Corrupt, ReadOnly, Io.</exception>
    public static Volume Open(IBlockDevice device, VolumeOptions? options = null)
    {
        options ??= new VolumeOptions();
        var volume = new Volume(VolumeImage.Open(device, options));
        Errno error = volume.Image.File.IsReadOnly ? Errno.None : volume.FindOrphans();
        if (error == Errno.None)
        {
            volume.BeginMaintenance(options.Maintenance ?? MaintenanceOptions.Off);
            return volume;
        }

        volume.Image.Dispose();
        throw new StorageException(StorageErrorKind.Io, error, "cannot look for files that were deleted while they were in use", "Run a check.");
    }

    /// <summary>True if a thread looks after it.</summary>
    internal bool IsMaintained => _maintenance is not null;

    // Last of all: before, nobody but the caller of Open knows the volume.
    private void BeginMaintenance(MaintenanceOptions options)
    {
        if (options.IsOn && !Image.File.IsReadOnly)
        {
            _maintenance = new MaintenanceThread(new VolumeMaintenance(this, options), _core.Maintenance);
        }
    }

    /// <summary>The volume's name, for people.</summary>
    public string Label => Image.File.Label;

    /// <inheritdoc cref="BlockFile.SetLabel"/>
    public Errno SetLabel(string label) => Image.File.SetLabel(label);

    /// <summary>Returns when everything that was done before the call is durable. One flush of the device; callers at the same time share it.</summary>
    /// <returns>ENOSPC; EIO after a failure of the device, from then on always.</returns>
    public Errno Sync() => Image.Sync();

    /// <summary>Writes everything that changed to its place, so that opening needs no log.</summary>
    /// <inheritdoc cref="Sync"/>
    public Errno Checkpoint() => Image.Checkpoint();

    /// <summary>Writes bytes into a file. They are read at once, and durable after the next <see cref="Sync"/>.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where to.</param>
    /// <param name="data">What. A mebibyte at a time is one change: all of it is there after a crash, or nothing.</param>
    /// <returns>How much was written, and why not all: EFBIG, EISDIR, EINVAL.</returns>
    public IoResult Write(InodeNumber inode, ulong offsetBytes, ReadOnlySpan<byte> data) => Image.Data.Write(inode, offsetBytes, data);

    /// <summary>Reads bytes of a file. What comes from the device was verified.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where from.</param>
    /// <param name="destination">Where to.</param>
    /// <returns>How much was read, less than asked at the end of the file; and why not all: EISDIR, EINVAL.</returns>
    public IoResult Read(InodeNumber inode, ulong offsetBytes, Span<byte> destination) => Image.Data.Read(inode, offsetBytes, destination);

    /// <summary>Makes a file shorter, or longer: then the new bytes read as zeros and take no space.</summary>
    /// <returns>EFBIG, EISDIR, EINVAL.</returns>
    public Errno SetSize(InodeNumber inode, ulong sizeBytes) => Image.Data.SetSize(inode, sizeBytes);
}
