using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Compares the bitmaps of an image with the owners of its blocks.</summary>
/// <remarks>Stateless but for memory of two bitmaps. One thread.</remarks>
internal sealed unsafe class BitmapComparison(IBlockDevice device, ImageOpener image, BlockOwners owners, FindingList findings) : IDisposable
{
    private readonly IBlockDevice _device = device;
    private readonly ImageOpener _image = image;
    private readonly BlockOwners _owners = owners;
    private readonly FindingList _findings = findings;
    private readonly NativeBuffer _used = new(ImageLayout.BitmapBytes);
    private readonly NativeBuffer _owned = new(ImageLayout.BitmapBytes);

    /// <summary>Compares all groups.</summary>
    /// <param name="isComplete">False if not every owner is known: then blocks without one are nothing to report.</param>
    public void Compare(bool isComplete)
    {
        for (int group = 0; group < _image.Descriptors.Length; group++)
        {
            if (TryReadBitmap(group))
            {
                _owners.CopyTo(group, (ulong*)_owned.Address);
                CompareGroup(group, isComplete);
            }
        }
    }

    public void Dispose()
    {
        _used.Dispose();
        _owned.Dispose();
    }

    // A bitmap that cannot be believed was reported already.
    private bool TryReadBitmap(int group)
    {
        GroupDescriptor descriptor = _image.Descriptors[group];
        int blockCount = _image.Layout.BlocksInGroup(group, _image.Root.SizeBlocks);
        if (descriptor.IsWritten)
        {
            IoResult result = _device.Read(_used.Span, _image.Layout.BitmapOffsetBytes(group, descriptor.Slot));
            return result.Bytes == _used.Length && Crc32C.Compute(_used.Span) == descriptor.Checksum;
        }

        _used.Span.Clear();
        var bits = (ulong*)_used.Address;
        BlockBits.Set(bits, 0, _image.Layout.ReservedBlocks(group));
        BlockBits.Set(bits, blockCount, ImageLayout.BlocksPerGroup - blockCount);
        return true;
    }

    private void CompareGroup(int group, bool isComplete)
    {
        var used = (ulong*)_used.Address;
        var owned = (ulong*)_owned.Address;
        for (int word = 0; word < ImageLayout.BitmapBytes / sizeof(ulong); word++)
        {
            ulong common = used[word] & owned[word];
            used[word] ^= common;
            owned[word] ^= common;
        }

        Report(group, owned, VolumeFindingKind.UsedButFree, "have an owner and are free in the bitmap");
        if (isComplete)
        {
            Report(group, used, VolumeFindingKind.Leak, "are in use in the bitmap and have no owner");
        }
    }

    private void Report(int group, ulong* bits, VolumeFindingKind kind, string what)
    {
        int end = 0;
        while (true)
        {
            int first = BlockBits.NextSet(bits, end, ImageLayout.BlocksPerGroup);
            if (first == ImageLayout.BlocksPerGroup)
            {
                return;
            }

            end = BlockBits.NextClear(bits, first, ImageLayout.BlocksPerGroup);
            var block = new BlockNumber(_image.Layout.GroupStart(group) + (ulong)first);
            _findings.Add(kind, $"{end - first} blocks from {block} on {what}", block: block);
        }
    }
}
