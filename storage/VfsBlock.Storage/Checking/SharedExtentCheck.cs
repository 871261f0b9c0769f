using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>Compares the counts of the shared-extent tree (FORMAT.md section 4.7) with the extents that say that they may be shared.</summary>
/// <remarks>Owns 16 bytes of native memory for each end of such an extent. One thread: first all runs, then all extents, then <see cref="Check"/>.</remarks>
internal sealed class SharedExtentCheck(BlockOwners owners, FindingList findings) : IDisposable
{
    private const int ValueBytes = 16;

    private readonly BlockOwners _owners = owners;
    private readonly FindingList _findings = findings;
    private readonly NativeList<Edge> _edges = new();
    private ulong _lastEnd;

    /// <summary>Takes an item of the shared-extent tree; in ascending order.</summary>
    public void AddRun(in TreeItem item, ulong generation)
    {
        ulong first = item.Key.High;
        ulong count = item.Key.Low;
        if (item.Value.Length != ValueBytes || count is 0 or > int.MaxValue || BinaryPrimitives.ReadUInt32LittleEndian(item.Value) < 2)
        {
            _findings.Add(VolumeFindingKind.Item, $"the shared extent {item.Key} makes no sense", block: new BlockNumber(first), key: item.Key);
            return;
        }

        ClaimResult result = _owners.Claim(first, (long)count);
        if (result == ClaimResult.Outside)
        {
            _findings.Add(VolumeFindingKind.OutsideImage, $"the shared extent of {count} blocks at block {first} lies outside the image", block: new BlockNumber(first));
            return;
        }

        if (result == ClaimResult.Taken)
        {
            bool overlaps = first < _lastEnd;
            _findings.Add(
                overlaps ? VolumeFindingKind.SharedCount : VolumeFindingKind.DoubleUse,
                $"the shared extent of {count} blocks at block {first} {(overlaps ? "overlaps another shared extent" : "lies in nodes or in the log")}",
                block: new BlockNumber(first));
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(item.Value[8..]) > generation)
        {
            _findings.Add(VolumeFindingKind.Generation, $"the shared extent at block {first} is younger than generation {generation}", block: new BlockNumber(first));
        }

        _lastEnd = Math.Max(_lastEnd, first + count);
        uint references = BinaryPrimitives.ReadUInt32LittleEndian(item.Value);
        _edges.Add(new Edge(first, 0, (int)Math.Min(references, int.MaxValue)));
        _edges.Add(new Edge(first + count, 0, -(int)Math.Min(references, int.MaxValue)));
    }

    /// <summary>Takes an extent that may be shared and lies inside the image.</summary>
    public void AddExtent(ulong first, int count)
    {
        _edges.Add(new Edge(first, 1, 0));
        _edges.Add(new Edge(first + (ulong)count, -1, 0));
    }

    /// <summary>Compares, and claims the blocks that turned out to belong to one extent only.</summary>
    public void Check()
    {
        Span<Edge> edges = _edges.Span;
        edges.Sort(static (left, right) => left.Block.CompareTo(right.Block));
        long depth = 0;
        long expected = 0;
        for (int index = 0; index < edges.Length; index++)
        {
            depth += edges[index].Depth;
            expected += edges[index].References;
            ulong count = index + 1 < edges.Length ? edges[index + 1].Block - edges[index].Block : 0;
            if (count > 0)
            {
                CheckPart(edges[index].Block, count, depth, expected);
            }
        }
    }

    public void Dispose() => _edges.Dispose();

    private void CheckPart(ulong first, ulong count, long depth, long expected)
    {
        if (expected == 0 && depth > 0 && _owners.Claim(first, (long)count) == ClaimResult.Taken)
        {
            _findings.Add(
                VolumeFindingKind.DoubleUse, $"{count} blocks at block {first} belong to an extent that may be shared, and to somebody else", block: new BlockNumber(first));
        }

        if (depth != (expected == 0 ? Math.Min(depth, 1) : expected))
        {
            _findings.Add(
                VolumeFindingKind.SharedCount,
                $"{depth} extents have the {count} blocks at block {first}, the shared-extent tree counts {expected}",
                block: new BlockNumber(first));
        }
    }

    private readonly record struct Edge(ulong Block, int Depth, long References);
}
