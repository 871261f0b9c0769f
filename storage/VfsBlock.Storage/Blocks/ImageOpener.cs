using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Finds out what a device holds: superblock, root record in force, descriptors. Believes nothing that is not whole, and says by the kind of the
/// exception what is wrong. Writes nothing.
/// </summary>
/// <remarks>Used by one thread.</remarks>
internal sealed class ImageOpener
{
    private readonly IBlockDevice _device;
    private readonly Action<string>? _log;

    private ImageOpener(IBlockDevice device, Action<string>? log)
    {
        _device = device;
        _log = log;
        Superblock = ReadSuperblock();
        Layout = new ImageLayout(Superblock.BlockSizeBytes);
        if (device.SizeBytes < ImageLayout.FixedBytes)
        {
            throw Truncated(ImageLayout.FixedBytes);
        }

        List<RootRecord> roots = RootRing.Read(device, Superblock.Id, Layout);
        if (roots.Count == 0)
        {
            throw Corrupt("none of its root records is whole");
        }

        NewestGeneration = roots[0].Generation;
        (Root, Descriptors) = ChooseRoot(roots);
    }

    public Superblock Superblock { get; }

    public ImageLayout Layout { get; }

    public RootRecord Root { get; }

    /// <summary>The newest generation in the ring; more than the root's if that is not the newest.</summary>
    public ulong NewestGeneration { get; }

    public GroupDescriptor[] Descriptors { get; }

    /// <summary>Reads all that.</summary>
    /// <exception cref="StorageException">It is no image, or not one that can be used.</exception>
    public static ImageOpener Read(IBlockDevice device, Action<string>? log) => new(device, log);

    /// <summary>Reads the descriptors that a root record names.</summary>
    /// <returns>Null if a page cannot be read or believed.</returns>
    public static GroupDescriptor[]? ReadDescriptors(IBlockDevice device, ImageLayout layout, RootRecord root)
    {
        var descriptors = new GroupDescriptor[layout.GroupCount(root.SizeBlocks)];
        var buffer = new byte[ImageLayout.PageBytes];
        for (int page = 0; page < root.Pages.Length; page++)
        {
            PageReference reference = root.Pages[page];
            if (!reference.IsWritten)
            {
                continue;
            }

            IoResult result = device.Read(buffer, layout.DescriptorOffsetBytes(page, reference.Slot));
            if (result.Bytes != buffer.Length || Crc32C.Compute(buffer) != reference.Checksum)
            {
                return null;
            }

            int first = page * ImageLayout.GroupsPerPage;
            for (int group = first; group < Math.Min(descriptors.Length, first + ImageLayout.GroupsPerPage); group++)
            {
                descriptors[group] = GroupDescriptor.Decode(buffer.AsSpan((group - first) * GroupDescriptor.SizeBytes));
                int most = layout.BlocksInGroup(group, root.SizeBlocks) - layout.ReservedBlocks(group);
                if (descriptors[group].FreeBlocks < 0 || descriptors[group].FreeBlocks > most)
                {
                    return null;
                }
            }
        }

        return descriptors;
    }

    private Superblock ReadSuperblock()
    {
        SuperblockFault first = ReadSuperblock(0, out Superblock? superblock);
        if (superblock is not null)
        {
            return superblock;
        }

        SuperblockFault second = ReadSuperblock(ImageLayout.SuperblockCopyOffsetBytes, out superblock);
        if (superblock is not null)
        {
            _log?.Invoke($"{_device.Name}: the superblock is damaged; its copy is used. Run a check.");
            return superblock;
        }

        throw (first, second) switch
        {
            (SuperblockFault.TooNew, _) or (_, SuperblockFault.TooNew) => new StorageException(
                StorageErrorKind.TooNew,
                $"cannot open {_device.Name}: its format is newer than this program, or has a feature that this program does not know",
                "Use a newer program."),
            (SuperblockFault.NotRecognised, SuperblockFault.NotRecognised) => new StorageException(
                StorageErrorKind.NotRecognised,
                $"cannot open {_device.Name}: it is no image of this program",
                "Check the path; make an image first if there should be one."),
            _ => Corrupt("both superblocks are damaged"),
        };
    }

    private SuperblockFault ReadSuperblock(long offsetBytes, out Superblock? superblock)
    {
        var page = new byte[Superblock.SizeBytes];
        IoResult result = _device.Read(page, offsetBytes);
        if (!result.Succeeded && offsetBytes == 0 && result.Error != Errno.EIO)
        {
            throw new StorageException(StorageErrorKind.Io, result.Error, $"cannot read {_device.Name}");
        }

        return Superblock.Decode(page.AsSpan(0, (int)result.Bytes), out superblock);
    }

    private (RootRecord Root, GroupDescriptor[] Descriptors) ChooseRoot(List<RootRecord> roots)
    {
        foreach (RootRecord root in roots)
        {
            // Only the root directly before the newest still has all its blocks.
            if (root.Generation + 1 < NewestGeneration)
            {
                break;
            }

            if (Layout.BytesOf(root.SizeBlocks) > _device.SizeBytes)
            {
                throw Truncated(Layout.BytesOf(root.SizeBlocks));
            }

            GroupDescriptor[]? descriptors = ReadDescriptors(_device, Layout, root);
            if (descriptors is not null && RedoList.TryRead(_device, Layout, root, out _))
            {
                if (root.Generation != NewestGeneration)
                {
                    _log?.Invoke($"{_device.Name}: generation {NewestGeneration} is damaged; it goes on from generation {root.Generation}. Run a check.");
                }

                return (root, descriptors);
            }
        }

        throw Corrupt($"what generation {NewestGeneration} names is damaged, and the one before is not whole either");
    }

    private StorageException Corrupt(string what) => new(
        StorageErrorKind.Corrupt, $"cannot open {_device.Name}: {what}", "Run a check; restore it from a copy.");

    private StorageException Truncated(long neededBytes) => new(
        StorageErrorKind.Truncated,
        $"cannot open {_device.Name}: it has {_device.SizeBytes} bytes, and should have {neededBytes}",
        "It was cut; restore it from a copy.");
}
