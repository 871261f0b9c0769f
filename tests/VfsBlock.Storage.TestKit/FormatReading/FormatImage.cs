using static FormatReading.FormatBytes;

namespace FormatReading;

/// <summary>An image, read with docs/FORMAT.md in hand and nothing else.</summary>
/// <remarks>One thread. For small images: everything is kept in memory.</remarks>
public sealed class FormatImage
{
    private const int RingOffsetBytes = 65536;
    private const int CopyOffsetBytes = 196608;

    private readonly FormatGroups _groups;
    private readonly FormatTree[] _trees;
    private readonly FormatLog _log;

    /// <summary>Reads it, the log replayed.</summary>
    /// <param name="read">Gives so many bytes at an offset.</param>
    /// <exception cref="FormatReadException">Something is not as the document says.</exception>
    public FormatImage(Func<long, int, byte[]> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        Read = read;
        Superblock = FormatSuperblock.Parse(read(0, FormatSuperblock.SizeBytes))
            ?? FormatSuperblock.Parse(read(CopyOffsetBytes, FormatSuperblock.SizeBytes))
            ?? throw new FormatReadException("no superblock");
        Root = Enumerable.Range(0, FormatRoot.SlotCount)
            .Select(slot => FormatRoot.Parse(read(RingOffsetBytes + (slot * FormatRoot.SizeBytes), FormatRoot.SizeBytes), Superblock.Uuid, slot))
            .OfType<FormatRoot>().MaxBy(root => root.Generation) ?? throw new FormatReadException("no root record");
        Demand(Root.RedoBlock == 0, "a volume has no redo list");
        _groups = new FormatGroups(read, Superblock, Root);
        byte[] control = Root.ControlData;
        Demand(Superblock.Content == "VOLUME" && control.AsSpan().StartsWith("VFSBVOLU"u8) && U32(control, 8) == 1 && U32(control, 12) == 16384, "no volume");
        _trees = [new(this, 1, control.AsSpan(16)), new(this, 2, control.AsSpan(40)), new(this, 16, control.AsSpan(64))];
        InodeCount = U64(control, 128);
        DataBlockCount = U64(control, 152);
        _log = new FormatLog(this, control);
        if (_log.BatchCount == 0)
        {
            CheckBlocks();
        }

        _log.Replay(_trees);
        var volume = new FormatVolume(this, _trees[2].Items, control[136..152]);
        Files = volume.Files;
    }

    /// <summary>The superblock.</summary>
    public FormatSuperblock Superblock { get; }

    /// <summary>The root record in force.</summary>
    public FormatRoot Root { get; }

    /// <summary>How many batches of the log count.</summary>
    public int BatchCount => _log.BatchCount;

    /// <summary>Everything that has a name, by its path.</summary>
    public IReadOnlyDictionary<string, FormatFile> Files { get; }

    /// <summary>Inodes in use, as the root says.</summary>
    public ulong InodeCount { get; }

    /// <summary>Blocks of data in use, as the root says.</summary>
    public ulong DataBlockCount { get; }

    internal Func<long, int, byte[]> Read { get; }

    internal byte[] ReadBlock(ulong block) => Read((long)block * Superblock.BlockBytes, (int)Superblock.BlockBytes);

    // With nothing in the log, the bitmaps say exactly what the trees do.
    private void CheckBlocks()
    {
        HashSet<ulong> named = [.. _trees.SelectMany(tree => tree.NodeBlocks)];
        int nodeBlockCount = _trees.Sum(tree => tree.NodeBlocks.Count);
        HashSet<ulong> data = [];
        Dictionary<ulong, uint> references = [];
        foreach ((_, byte[] extent) in _trees[2].Items.Where(item => item.Key.Lo >> 60 == 6))
        {
            for (ulong block = U64(extent, 0); block < U64(extent, 0) + U32(extent, 16); block++)
            {
                data.Add(block);
                references[block] = references.GetValueOrDefault(block) + 1;
            }
        }

        Demand((ulong)data.Count == DataBlockCount, $"{data.Count} blocks of data, the root says {DataBlockCount}");
        Demand((ulong)_trees[2].Items.Keys.Count(key => key.Lo >> 60 == 1) == InodeCount, "another number of inodes");
        var shared = new Dictionary<ulong, uint>();
        foreach (((ulong first, ulong count), byte[] value) in _trees[1].Items)
        {
            for (ulong block = first; block < first + count; block++)
            {
                Demand(shared.TryAdd(block, U32(value, 0)), $"two runs of the shared-extent tree have block {block}");
            }
        }

        Demand(references.All(entry => entry.Value == shared.GetValueOrDefault(entry.Key, 1U)), "a reference count is wrong");
        named.UnionWith(data);
        for (ulong block = _log.Block; block < _log.Block + _log.BlockCount; block++)
        {
            named.Add(block);
        }

        Demand((ulong)named.Count == (ulong)nodeBlockCount + DataBlockCount + _log.BlockCount, "a block has two uses");
        Demand(named.SetEquals(_groups.InUse), "the bitmaps are not what the trees say");
    }
}
