using System.Security.Cryptography;
using System.Text;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Making and opening.</summary>
public sealed partial class BlockFile
{
    private const long InitialBytes = 2L << 20;

    /// <summary>Makes an image on a device, whatever it held before.</summary>
    /// <param name="device">The device; it stays the caller's.</param>
    /// <param name="format">What is fixed from now on.</param>
    /// <exception cref="StorageException">The format makes no sense, or the device is too small or fails.</exception>
    public static void Format(IBlockDevice device, BlockFileFormat format)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(format);
        CheckFormat(device.Name, format);
        var layout = new ImageLayout(format.BlockSizeBytes);
        ulong limitBlocks = (ulong)(format.SizeLimitBytes / format.BlockSizeBytes);
        ulong wanted = device.CanResize
            ? Math.Max(layout.MinSizeBlocks, (ulong)(InitialBytes / format.BlockSizeBytes))
            : (ulong)(device.SizeBytes / format.BlockSizeBytes);
        ulong sizeBlocks = layout.FloorSize(limitBlocks == 0 ? wanted : Math.Min(wanted, limitBlocks));
        if (sizeBlocks == 0)
        {
            throw new StorageException(
                StorageErrorKind.Invalid,
                $"cannot make an image on {device.Name}: it would be smaller than {layout.BytesOf(layout.MinSizeBlocks)} bytes",
                "Give it more room.");
        }

        var superblock = new Superblock
        {
            Id = format.Id ?? new Guid(RandomNumberGenerator.GetBytes(16)),
            BlockSizeBytes = format.BlockSizeBytes,
            Label = format.Label,
            Content = format.Content,
            SizeLimitBlocks = limitBlocks,
            Created = format.Clock.GetUtcNow(),
        };
        var root = new RootRecord
        {
            ImageId = superblock.Id,
            Generation = 1,
            SizeBlocks = sizeBlocks,
            FreeBlocks = sizeBlocks - layout.FirstGroupBlock - (ulong)ReservedIn(layout, sizeBlocks),
            Time = superblock.Created,
            Pages = new PageReference[ImageLayout.PageCount(layout.GroupCount(sizeBlocks))],
        };
        Errno error = WriteFormat(device, layout, superblock, root);
        if (error != Errno.None)
        {
            throw new StorageException(StorageErrorKind.Io, error, $"cannot make an image on {device.Name}");
        }
    }

    /// <summary>Opens the image on a device, which belongs to the file from then on, whether opening succeeds or not.</summary>
    /// <param name="device">The device.</param>
    /// <param name="options">How.</param>
    /// <exception cref="StorageException">
    /// NotRecognised, Truncated, TooNew, Corrupt: what the device holds; ReadOnly: it can only be read; Io: the device failed.
    /// </exception>
    public static BlockFile Open(IBlockDevice device, BlockFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        options ??= BlockFileOptions.Default;
        BlockFile? file = null;
        try
        {
            ImageOpener image = ImageOpener.Read(device, options.Log);
            if (!options.IsReadOnly && (device.IsReadOnly || image.Superblock.ReadOnlyCompatFeatures != 0))
            {
                throw new StorageException(
                    StorageErrorKind.ReadOnly,
                    $"cannot open {device.Name} for writing: {(device.IsReadOnly ? "it can only be read" : "it has a feature that this program can only read")}",
                    "Open it for reading only.");
            }

            file = new BlockFile(device, options, image);
            Errno error = file.Recover();
            if (error != Errno.None)
            {
                throw new StorageException(StorageErrorKind.Io, error, $"cannot open {device.Name}");
            }

            return file;
        }
        catch
        {
            file?.Dispose();
            device.Dispose();
            throw;
        }
    }

    /// <summary>A file in memory only, gone when it is closed.</summary>
    /// <param name="blockSizeBytes">Block size: a multiple of 4096, at most 65536.</param>
    /// <exception cref="StorageException">The block size is none (Invalid).</exception>
    public static BlockFile Anonymous(int blockSizeBytes = ImageLayout.PageBytes)
    {
        var format = new BlockFileFormat { BlockSizeBytes = blockSizeBytes };
        CheckFormat("anonymous", format);
        var device = new MemoryDevice(0, name: "anonymous");
        try
        {
            Format(device, format);
        }
        catch
        {
            device.Dispose();
            throw;
        }

        return Open(device);
    }

    private static void CheckFormat(string name, BlockFileFormat format)
    {
        string? fault =
            !ImageLayout.IsBlockSize(format.BlockSizeBytes) ? $"a block size of {format.BlockSizeBytes} is not a multiple of 4096 from 4096 to 65536"
            : Encoding.UTF8.GetByteCount(format.Label) > Superblock.MaxLabelBytes ? $"a label has at most {Superblock.MaxLabelBytes} bytes"
            : format.SizeLimitBytes < 0 ? "a size limit is not negative"
            : null;
        if (fault is not null)
        {
            throw new StorageException(StorageErrorKind.Invalid, $"cannot make an image on {name}: {fault}");
        }
    }

    private static int ReservedIn(ImageLayout layout, ulong sizeBlocks)
    {
        int reserved = 0;
        for (int group = 0; group < layout.GroupCount(sizeBlocks); group++)
        {
            reserved += layout.ReservedBlocks(group);
        }

        return reserved;
    }

    // The superblock last: until it is there the device holds no image.
    private static Errno WriteFormat(IBlockDevice device, ImageLayout layout, Superblock superblock, RootRecord root)
    {
        using var buffer = new NativeBuffer((int)ImageLayout.FixedBytes);
        Errno error = device.CanResize && device.SizeBytes < layout.BytesOf(root.SizeBlocks)
            ? device.Resize(layout.BytesOf(root.SizeBlocks))
            : Errno.None;
        root.Encode(buffer.Span[(int)RootRing.OffsetBytes(root.Generation)..]);
        error = error == Errno.None ? device.Write(buffer.Span, 0).Error : error;
        error = error == Errno.None ? device.Flush() : error;
        superblock.Encode(buffer.Span);
        error = error == Errno.None ? device.Write(buffer.Span[..Superblock.SizeBytes], ImageLayout.SuperblockCopyOffsetBytes).Error : error;
        error = error == Errno.None ? device.Write(buffer.Span[..Superblock.SizeBytes], 0).Error : error;
        return error == Errno.None ? device.Flush() : error;
    }

    /// <summary>Finishes what a commit before a crash may have left half done, and takes the image into use.</summary>
    private Errno Recover()
    {
        if (!RedoList.TryRead(_device, _layout, _root, out List<RedoEntry> entries))
        {
            return Errno.EIO;
        }

        if (IsReadOnly)
        {
            return LoadOverlay(entries);
        }

        using var block = new NativeBuffer(BlockSizeBytes);
        foreach (RedoEntry entry in entries)
        {
            Errno error = RedoList.ReadCopy(_device, _layout, entry, block.Span);
            error = error == Errno.None ? _device.Write(block.Span, _layout.BytesOf(entry.Target)).Error : error;
            if (error != Errno.None)
            {
                return error;
            }
        }

        Errno flushed = _device.Flush();
        return flushed == Errno.None ? WriteRoot(RootState.InUse, isNewOwner: true) : flushed;
    }

    // Nothing may be written, so the copies are shown from memory.
    private Errno LoadOverlay(List<RedoEntry> entries)
    {
        foreach (RedoEntry entry in entries)
        {
            if (!_frames.TryTake(entry.Target, 1, isExclusive: true, out int index))
            {
                return Errno.ENOMEM;
            }

            Errno error = RedoList.ReadCopy(_device, _layout, entry, _frames.BytesOf(index));
            if (error != Errno.None)
            {
                return error;
            }

            _frames.Publish(index, FrameState.Overlay);
        }

        return Errno.None;
    }

    /// <summary>Marks the image as nobody's.</summary>
    private Errno MarkClean()
    {
        lock (_commitLock)
        {
            return WriteRoot(RootState.Clean, isNewOwner: false);
        }
    }

    /// <summary>Writes a root record that says the same as the last, but for who uses the image.</summary>
    private Errno WriteRoot(RootState state, bool isNewOwner)
    {
        var root = new RootRecord
        {
            ImageId = _superblock.Id,
            State = state,
            Generation = _generation,
            SizeBlocks = _root.SizeBlocks,
            FreeBlocks = _root.FreeBlocks,
            PreviousChecksum = _root.Checksum,
            Time = _options.Clock.GetUtcNow(),
            MountEpoch = _root.MountEpoch + (isNewOwner ? 1u : 0),
            Owner = isNewOwner ? _options.OwnerId ?? Guid.NewGuid() : _root.Owner,
            Pages = _root.Pages,
            ControlData = _root.ControlData,
        };
        using var buffer = new NativeBuffer(RootRecord.SizeBytes);
        Errno error = RootRing.Write(_device, root, buffer);
        error = error == Errno.None ? _device.Flush() : error;
        if (error != Errno.None)
        {
            return Fail("its root record", error);
        }

        lock (_gate)
        {
            _root = root;
            _generation++;
        }

        return Errno.None;
    }
}
