using System.Runtime.InteropServices;
using Xunit;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>What lies where in a sound image, for who wants to change it. Immutable.</summary>
internal sealed record ImageMap(IReadOnlyList<NodePlace> Nodes, IReadOnlyList<BatchPlace> Batches, IReadOnlyList<ulong> FreeBlocks, ulong SizeBlocks, ulong Generation, LogRing Ring)
{
    private const int MaxFreeCount = 500;

    /// <summary>Walks an image.</summary>
    public static ImageMap Read(IBlockDevice device)
    {
        using var forge = new ImageForge(device);
        RootRecord root = forge.Root();
        VolumeControl control = forge.Control();
        List<NodePlace> nodes = [];
        NodePointer[] roots = [control.State.SystemTree, control.State.SharedExtentTree, control.State.FileTree];
        for (int tree = 0; tree < roots.Length; tree++)
        {
            Walk(forge, tree, [], roots[tree].Block.Value, nodes);
        }

        return new ImageMap(nodes, ReadBatches(device, forge, control), ReadFree(device, forge, root), root.SizeBlocks, root.Generation, control.Ring);
    }

    private static void Walk(ImageForge forge, int tree, IReadOnlyList<ulong> above, ulong block, List<NodePlace> nodes)
    {
        if (block == 0)
        {
            return;
        }

        ulong[] path = [.. above, block];
        Span<byte> node = forge.ReadNode(block);
        NodeHeader header = MemoryMarshal.Read<NodeHeader>(node);
        nodes.Add(new NodePlace(tree, path, header.Level));
        if (header.Level > 0)
        {
            InnerEntry[] entries = [.. MemoryMarshal.Cast<byte, InnerEntry>(node[NodeHeader.SizeBytes..])[..header.Count]];
            foreach (InnerEntry entry in entries)
            {
                Walk(forge, tree, path, entry.Block, nodes);
            }
        }
    }

    private static List<BatchPlace> ReadBatches(IBlockDevice device, ImageForge forge, in VolumeControl control)
    {
        List<BatchPlace> batches = [];
        ulong imageId = BitConverter.ToUInt64(forge.Superblock().Id.ToByteArray(bigEndian: true));
        using var reader = new LogBatchReader(device, control.Ring, imageId, control.Position);
        uint page = reader.Position.Page;
        while (reader.TryRead(out LogBatchView _) == LogStatus.Ok)
        {
            batches.Add(new BatchPlace(page, (int)((reader.Position.Page + (uint)control.Ring.PageCount - page) % (uint)control.Ring.PageCount)));
            page = reader.Position.Page;
        }

        return batches;
    }

    private static unsafe List<ulong> ReadFree(IBlockDevice device, ImageForge forge, RootRecord root)
    {
        List<ulong> free = [];
        GroupDescriptor[] descriptors = ImageOpener.ReadDescriptors(device, forge.Layout, root)!;
        int blockCount = forge.Layout.BlocksInGroup(0, root.SizeBlocks);
        using Interop.NativeBuffer? bitmap = BitmapReader.Read(device, forge.Layout, 0, blockCount, descriptors[0]);
        Assert.NotNull(bitmap);
        var bits = (ulong*)bitmap.Address;
        for (int index = 0; index < blockCount && free.Count < MaxFreeCount; index++)
        {
            if ((bits[index / 64] >> (index % 64) & 1) == 0)
            {
                free.Add(forge.Layout.GroupStart(0) + (ulong)index);
            }
        }

        return free;
    }
}
