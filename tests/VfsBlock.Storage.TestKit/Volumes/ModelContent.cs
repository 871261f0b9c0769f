using System.Collections.Immutable;

namespace VfsBlock.Storage.TestKit;

/// <summary>What a file of a <see cref="ModelVolume"/> holds: its bytes, and which of its blocks take space. Never changes: an operation makes a new one.</summary>
/// <param name="Bytes">All bytes, holes as zeros.</param>
/// <param name="Blocks">The blocks that take space, counted in the file.</param>
/// <param name="IsInline">True if the bytes are kept in the inode's own item.</param>
public sealed record ModelContent(ReadOnlyMemory<byte> Bytes, ImmutableSortedDictionary<long, ModelBlock> Blocks, bool IsInline)
{
    /// <summary>Size of a block in bytes.</summary>
    public const int BlockBytes = 4096;

    private const int MaxInlineBytes = 2048;

    private static readonly ImmutableSortedDictionary<long, ModelBlock> _none = ImmutableSortedDictionary<long, ModelBlock>.Empty;

    /// <summary>A file without bytes.</summary>
    public static ModelContent Empty { get; } = new(default, _none, IsInline: false);

    private static ImmutableSortedDictionary<long, ModelBlock> First => _none.Add(0, ModelBlock.Make());

    /// <summary>With bytes written.</summary>
    public ModelContent Write(int offsetBytes, ReadOnlySpan<byte> data)
    {
        int endBytes = offsetBytes + data.Length;
        byte[] bytes = Copy(Math.Max(endBytes, Bytes.Length));
        data.CopyTo(bytes.AsSpan(offsetBytes));
        bool wasEmpty = Bytes.Length == 0 && Blocks.IsEmpty;
        if ((IsInline || wasEmpty) && endBytes <= MaxInlineBytes)
        {
            return new ModelContent(bytes, _none, IsInline: true);
        }

        ImmutableSortedDictionary<long, ModelBlock>.Builder blocks = (IsInline ? First : Blocks).ToBuilder();
        for (long block = offsetBytes / BlockBytes; block <= (endBytes - 1) / BlockBytes; block++)
        {
            blocks[block] = ModelBlock.Make();
        }

        return new ModelContent(bytes, blocks.ToImmutable(), IsInline: false);
    }

    /// <summary>Cut, or made longer with zeros.</summary>
    public ModelContent SetSize(int sizeBytes)
    {
        byte[] bytes = Copy(sizeBytes);
        if (IsInline)
        {
            bool isStillInline = sizeBytes is > 0 and <= MaxInlineBytes;
            return new ModelContent(bytes, isStillInline || sizeBytes == 0 ? _none : First, isStillInline);
        }

        return new ModelContent(bytes, sizeBytes < Bytes.Length ? Rewrite(Remove(Blocks, BlocksFor(sizeBytes), long.MaxValue), sizeBytes) : Blocks, IsInline: false);
    }

    /// <summary>With zeros in a range.</summary>
    /// <param name="offsetBytes">Where it begins.</param>
    /// <param name="endBytes">Where it ends.</param>
    /// <param name="makesLonger">True if the file reaches to the end then.</param>
    public ModelContent Zero(int offsetBytes, int endBytes, bool makesLonger)
    {
        int sizeBytes = makesLonger ? Math.Max(Bytes.Length, endBytes) : Bytes.Length;
        byte[] bytes = Copy(sizeBytes);
        int from = Math.Min(offsetBytes, sizeBytes);
        bytes.AsSpan(from, Math.Min(endBytes, sizeBytes) - from).Clear();
        if (IsInline)
        {
            return new ModelContent(bytes, sizeBytes <= MaxInlineBytes ? _none : First, sizeBytes <= MaxInlineBytes);
        }

        long endBlock = endBytes < Bytes.Length ? endBytes / BlockBytes : BlocksFor(endBytes);
        ImmutableSortedDictionary<long, ModelBlock> blocks = Remove(Blocks, BlocksFor(offsetBytes), endBlock);
        blocks = offsetBytes < Bytes.Length ? Rewrite(blocks, offsetBytes) : blocks;
        return new ModelContent(bytes, endBytes < Bytes.Length ? Rewrite(blocks, endBytes) : blocks, IsInline: false);
    }

    /// <summary>With the bytes in a block, if they are in the inode's own item.</summary>
    public ModelContent MoveInline() => IsInline ? new ModelContent(Bytes, First, IsInline: false) : this;

    /// <summary>With another block, or none.</summary>
    public ModelContent WithBlock(long block, ModelBlock? place) =>
        this with { Blocks = place is { } taken ? Blocks.SetItem(block, taken) : Blocks.Remove(block) };

    /// <summary>With other bytes and the same blocks.</summary>
    public ModelContent WithBytes(int offsetBytes, ReadOnlySpan<byte> data)
    {
        byte[] bytes = Copy(Math.Max(offsetBytes + data.Length, Bytes.Length));
        data.CopyTo(bytes.AsSpan(offsetBytes));
        return this with { Bytes = bytes };
    }

    /// <summary>Without a range of whole blocks; what is behind it moves down.</summary>
    public ModelContent Collapse(int offsetBytes, int lengthBytes)
    {
        long first = offsetBytes / BlockBytes;
        long count = lengthBytes / BlockBytes;
        ReadOnlySpan<byte> old = Bytes.Span;
        return new ModelContent(
            (byte[])[.. old[..offsetBytes], .. old[(offsetBytes + lengthBytes)..]],
            Remove(Blocks, first, first + count).ToImmutableSortedDictionary(entry => entry.Key < first ? entry.Key : entry.Key - count, entry => entry.Value),
            IsInline: false);
    }

    /// <summary>With a hole of whole blocks put in; what is behind its beginning moves up.</summary>
    public ModelContent Insert(int offsetBytes, int lengthBytes)
    {
        long first = offsetBytes / BlockBytes;
        long count = lengthBytes / BlockBytes;
        ReadOnlySpan<byte> old = Bytes.Span;
        return new ModelContent(
            (byte[])[.. old[..offsetBytes], .. new byte[lengthBytes], .. old[offsetBytes..]],
            Blocks.ToImmutableSortedDictionary(entry => entry.Key < first ? entry.Key : entry.Key + count, entry => entry.Value),
            IsInline: false);
    }

    /// <summary>How many blocks so many bytes reach into.</summary>
    public static long BlocksFor(int bytes) => ((long)bytes + BlockBytes - 1) / BlockBytes;

    private static ImmutableSortedDictionary<long, ModelBlock> Remove(ImmutableSortedDictionary<long, ModelBlock> blocks, long first, long end) =>
        blocks.RemoveRange(blocks.Keys.Where(block => block >= first && block < end));

    // A block of which a part becomes zeros is written to another place.
    private static ImmutableSortedDictionary<long, ModelBlock> Rewrite(ImmutableSortedDictionary<long, ModelBlock> blocks, int cutBytes) =>
        cutBytes % BlockBytes != 0 && blocks.TryGetValue(cutBytes / BlockBytes, out ModelBlock cut) && !cut.IsUnwritten
            ? blocks.SetItem(cutBytes / BlockBytes, ModelBlock.Make()) : blocks;

    private byte[] Copy(int lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        Bytes.Span[..Math.Min(lengthBytes, Bytes.Length)].CopyTo(bytes);
        return bytes;
    }
}
