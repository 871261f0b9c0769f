using System.Buffers.Binary;
using System.Runtime.InteropServices;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>
/// Changes structures of a volume's image in place and makes every checksum right again, from the structure up to the root record in force: what was changed is believed.
/// </summary>
/// <remarks>Owns memory for a structure. One thread, on a device that nobody has open.</remarks>
internal sealed class ImageForge(IBlockDevice device, int blockSizeBytes = WriteChunk.BlockSizeBytes) : IDisposable
{
    private const int ControlOffset = 4096;
    private const int PagesOffset = 256;
    private const int RootChecksumOffset = 8;
    private const int TreePointerOffset = 16;
    private const int TreePointerBytes = 24;
    private const int PointerChecksumOffset = 16;

    private readonly ImageLayout _layout = new(blockSizeBytes);
    private readonly NativeBuffer _memory = new(LogFormat.MaxBatchPages * LogFormat.PageBytes);

    /// <summary>Changes bytes.</summary>
    public delegate void Change(Span<byte> bytes);

    /// <summary>Where things lie.</summary>
    public ImageLayout Layout => _layout;

    /// <summary>The device.</summary>
    public IBlockDevice Device => device;

    /// <summary>The root record in force.</summary>
    public RootRecord Root() => RootRing.Read(device, Superblock().Id, _layout)[0];

    /// <summary>The superblock.</summary>
    public Superblock Superblock()
    {
        Storage.Superblock.Decode(Read(0, Storage.Superblock.SizeBytes), out Superblock? superblock);
        return superblock ?? throw new InvalidOperationException("there is no superblock");
    }

    /// <summary>True if the root record can still be read, and what it names can be changed.</summary>
    public bool IsWhole =>
        Storage.Superblock.Decode(Read(0, Storage.Superblock.SizeBytes), out Superblock? superblock) == SuperblockFault.None
        && superblock!.BlockSizeBytes == blockSizeBytes
        && RootRing.Read(device, superblock.Id, _layout) is [RootRecord root, ..]
        && _layout.BytesOf(root.SizeBlocks) <= device.SizeBytes
        && VolumeControl.TryRead(root.ControlData, out _)
        && ImageOpener.ReadDescriptors(device, _layout, root) is not null;

    /// <summary>The volume's control data.</summary>
    public VolumeControl Control()
    {
        Assert.True(VolumeControl.TryRead(Root().ControlData, out VolumeControl control));
        return control;
    }

    /// <summary>Changes the superblock and its copy.</summary>
    public void ChangeSuperblock(Change change)
    {
        Span<byte> page = Read(0, Storage.Superblock.SizeBytes);
        change(page);
        StructureChecksum.Seal(page, RootChecksumOffset);
        Write(page, 0);
        Write(page, ImageLayout.SuperblockCopyOffsetBytes);
    }

    /// <summary>Changes the root record in force: all of its bytes.</summary>
    public void ChangeRoot(Change change)
    {
        long offsetBytes = RootRing.OffsetBytes(Root().Generation);
        Span<byte> record = Read(offsetBytes, RootRecord.SizeBytes);
        change(record);
        StructureChecksum.Seal(record, RootChecksumOffset);
        Write(record, offsetBytes);
    }

    /// <summary>Changes the volume's control data.</summary>
    public void ChangeControl(Change change) => ChangeRoot(record => change(record.Slice(ControlOffset, VolumeControl.EncodedBytes)));

    /// <summary>Changes the descriptor of a group.</summary>
    public void ChangeDescriptor(int group, Change change)
    {
        int page = ImageLayout.PageOf(group);
        long offsetBytes = _layout.DescriptorOffsetBytes(page, Root().Pages[page].Slot);
        Span<byte> bytes = Read(offsetBytes, ImageLayout.PageBytes);
        change(bytes.Slice(group % ImageLayout.GroupsPerPage * GroupDescriptor.SizeBytes, GroupDescriptor.SizeBytes));
        Write(bytes, offsetBytes);
        uint checksum = Crc32C.Compute(bytes);
        ChangeRoot(record => BinaryPrimitives.WriteUInt32LittleEndian(record[(PagesOffset + (page * PageReference.SizeBytes))..], checksum));
    }

    /// <summary>Changes the bitmap of a group, and counts its free blocks again, in the descriptor and in the root record.</summary>
    public void ChangeBitmap(int group, Change change, bool countsAgain = true)
    {
        RootRecord root = Root();
        GroupDescriptor descriptor = ImageOpener.ReadDescriptors(device, _layout, root)![group];
        long offsetBytes = _layout.BitmapOffsetBytes(group, descriptor.Slot);
        Span<byte> bits = Read(offsetBytes, ImageLayout.BitmapBytes);
        change(bits);
        Write(bits, offsetBytes);
        uint checksum = Crc32C.Compute(bits);
        int freeBlocks = countsAgain ? bits.Length * 8 - CountBits(bits) : descriptor.FreeBlocks;
        ChangeDescriptor(group, bytes =>
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, checksum);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], freeBlocks);
        });
        ChangeRoot(record => BinaryPrimitives.WriteUInt64LittleEndian(record[48..], root.FreeBlocks + (ulong)(long)(freeBlocks - descriptor.FreeBlocks)));
    }

    /// <summary>Sets or clears the bits of a run of blocks that lies in one group.</summary>
    public void ChangeBits(ulong first, int blockCount, bool isUsed)
    {
        int group = _layout.GroupOf(first);
        int start = (int)(first - _layout.GroupStart(group));
        ChangeBitmap(group, bits =>
        {
            for (int index = start; index < start + blockCount; index++)
            {
                int mask = 1 << (index % 8);
                bits[index / 8] = (byte)(isUsed ? bits[index / 8] | mask : bits[index / 8] & ~mask);
            }
        });
    }

    /// <summary>Changes a node, and the pointers on the way to it.</summary>
    /// <param name="place">Which.</param>
    /// <param name="change">What.</param>
    /// <param name="seals">False to leave the node's own checksum field as the change left it.</param>
    public void ChangeNode(NodePlace place, Change change, bool seals = true)
    {
        Span<byte> node = ReadNode(place.Block);
        change(node);
        uint checksum = seals ? Seal(node) : NodeFormat.ComputeChecksum(node);
        Write(node, OffsetOf(place.Block));
        for (int depth = place.Path.Count - 2; depth >= 0; depth--)
        {
            node = ReadNode(place.Path[depth]);
            foreach (ref InnerEntry entry in MemoryMarshal.Cast<byte, InnerEntry>(node[NodeHeader.SizeBytes..]))
            {
                entry.Checksum = entry.Block == place.Path[depth + 1] ? checksum : entry.Checksum;
            }

            checksum = Seal(node);
            Write(node, OffsetOf(place.Path[depth]));
        }

        ChangeTreePointer(place.Tree, pointer => pointer with { Checksum = checksum });
    }

    /// <summary>Writes a node where nothing points to yet, and gives its checksum.</summary>
    public uint PlantNode(ulong block, Change change)
    {
        Span<byte> node = ReadNode(block);
        change(node);
        uint checksum = Seal(node);
        Write(node, OffsetOf(block));
        return checksum;
    }

    /// <summary>Changes the pointer to the root of a tree.</summary>
    public void ChangeTreePointer(int tree, Func<NodePointer, NodePointer> change) => ChangeControl(control =>
    {
        Span<byte> bytes = control.Slice(TreePointerOffset + (tree * TreePointerBytes), TreePointerBytes);
        NodePointer pointer = change(new NodePointer(
            new BlockNumber(BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[PointerChecksumOffset..])));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, pointer.Block.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], pointer.Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[PointerChecksumOffset..], pointer.Checksum);
    });

    /// <summary>Changes a batch of the log, and chains those behind it to what it is now.</summary>
    /// <param name="batches">All of them.</param>
    /// <param name="index">Which.</param>
    /// <param name="change">What; the length in pages stays.</param>
    public void ChangeBatch(IReadOnlyList<BatchPlace> batches, int index, Change change)
    {
        uint checksum = ChangePages(batches[index], change);
        for (int behind = index + 1; behind < batches.Count; behind++)
        {
            uint previous = checksum;
            checksum = ChangePages(batches[behind], pages => BinaryPrimitives.WriteUInt32LittleEndian(pages[32..], previous));
        }
    }

    /// <summary>Makes a redo list of one block, in blocks that are free, and lets the root record name it.</summary>
    /// <param name="listBlock">The list's block.</param>
    /// <param name="entries">What it is to copy.</param>
    /// <param name="change">Changes the list's block before it gets its checksum.</param>
    public void PlantRedoList(ulong listBlock, IReadOnlyList<RedoEntry> entries, Change? change = null)
    {
        Span<byte> bytes = _memory.Span[..blockSizeBytes];
        bytes.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], entries.Count);
        for (int index = 0; index < entries.Count; index++)
        {
            Span<byte> entry = bytes[(24 + (index * 24))..];
            BinaryPrimitives.WriteUInt64LittleEndian(entry, entries[index].Target);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], entries[index].Source);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], entries[index].Checksum);
        }

        change?.Invoke(bytes);
        Write(bytes, OffsetOf(listBlock));
        uint checksum = Crc32C.Compute(bytes);
        ChangeRoot(record =>
        {
            BinaryPrimitives.WriteUInt64LittleEndian(record[104..], listBlock);
            BinaryPrimitives.WriteInt32LittleEndian(record[112..], entries.Count);
            BinaryPrimitives.WriteUInt32LittleEndian(record[116..], checksum);
        });
    }

    /// <summary>CRC32C of a block.</summary>
    public uint ChecksumOf(ulong block) => Crc32C.Compute(Read(OffsetOf(block), blockSizeBytes));

    /// <summary>The bytes of a node; good until the next call.</summary>
    public Span<byte> ReadNode(ulong block) => Read(OffsetOf(block), NodeFormat.SizeBytes);

    /// <summary>Changes a block that no checksum above it is to be made right for.</summary>
    public void ChangeBlock(ulong block, Change change)
    {
        Span<byte> bytes = Read(OffsetOf(block), blockSizeBytes);
        change(bytes);
        Write(bytes, OffsetOf(block));
    }

    public void Dispose() => _memory.Dispose();

    private static int CountBits(ReadOnlySpan<byte> bits)
    {
        int count = 0;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bits))
        {
            count += System.Numerics.BitOperations.PopCount(word);
        }

        return count;
    }

    private static uint Seal(Span<byte> node)
    {
        uint checksum = NodeFormat.ComputeChecksum(node);
        BinaryPrimitives.WriteUInt32LittleEndian(node[NodeHeader.ChecksumOffset..], checksum);
        return checksum;
    }

    private uint ChangePages(BatchPlace place, Change change)
    {
        LogRing ring = Control().Ring;
        byte[] batch = new byte[place.PageCount * LogFormat.PageBytes];
        for (int page = 0; page < place.PageCount; page++)
        {
            Read(ring.PageOffsetBytes(ring.Advance(place.Page, page)), LogFormat.PageBytes).CopyTo(batch.AsSpan(page * LogFormat.PageBytes));
        }

        change(batch);
        uint checksum = LogFormat.ComputeChecksum(batch);
        BinaryPrimitives.WriteUInt32LittleEndian(batch.AsSpan(LogBatchHeader.ChecksumOffset), checksum);
        for (int page = 0; page < place.PageCount; page++)
        {
            Span<byte> bytes = _memory.Span[..LogFormat.PageBytes];
            batch.AsSpan(page * LogFormat.PageBytes, LogFormat.PageBytes).CopyTo(bytes);
            Write(bytes, ring.PageOffsetBytes(ring.Advance(place.Page, page)));
        }

        return checksum;
    }

    private long OffsetOf(ulong block) => _layout.BytesOf(block);

    private Span<byte> Read(long offsetBytes, int lengthBytes)
    {
        Span<byte> bytes = _memory.Span[..lengthBytes];
        Assert.Equal(lengthBytes, device.Read(bytes, offsetBytes).Bytes);
        return bytes;
    }

    private void Write(ReadOnlySpan<byte> bytes, long offsetBytes) => Assert.Equal(Errno.None, device.Write(bytes, offsetBytes).Error);
}
