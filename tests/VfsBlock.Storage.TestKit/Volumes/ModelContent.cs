using System.Collections.Immutable;

namespace VfsBlock.Storage.TestKit;

/// <summary>What a file of a <see cref="ModelVolume"/> holds: its bytes, and which of its blocks take space. Never changes: an operation makes a new one.</summary>
/// <param name="Bytes">All bytes, holes as zeros.</param>
/// <param name="Blocks">The blocks that take space, counted in the file.</param>
/// <param name="IsInline">True if the bytes are kept in the inode's own item.</param>
public sealed record ModelContent(ReadOnlyMemory<byte> Bytes, ImmutableSortedSet<long> Blocks, bool IsInline)
{
    private const int BlockSizeBytes = 4096;
    private const int MaxInlineBytes = 2048;

    /// <summary>A file without bytes.</summary>
    public static ModelContent Empty { get; } = new(default, [], IsInline: false);

    /// <summary>With bytes written.</summary>
    public ModelContent Write(int offsetBytes, ReadOnlySpan<byte> data)
    {
        int endBytes = offsetBytes + data.Length;
        byte[] bytes = Copy(Math.Max(endBytes, Bytes.Length));
        data.CopyTo(bytes.AsSpan(offsetBytes));
        bool wasEmpty = Bytes.Length == 0 && Blocks.IsEmpty;
        if ((IsInline || wasEmpty) && endBytes <= MaxInlineBytes)
        {
            return new ModelContent(bytes, [], IsInline: true);
        }

        ImmutableSortedSet<long>.Builder blocks = Blocks.ToBuilder();
        if (IsInline)
        {
            blocks.Add(0);
        }

        for (long block = offsetBytes / BlockSizeBytes; block <= (endBytes - 1) / BlockSizeBytes; block++)
        {
            blocks.Add(block);
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
            return new ModelContent(bytes, isStillInline || sizeBytes == 0 ? [] : [0], isStillInline);
        }

        long endBlock = ((long)sizeBytes + BlockSizeBytes - 1) / BlockSizeBytes;
        return new ModelContent(bytes, sizeBytes < Bytes.Length ? [.. Blocks.Where(block => block < endBlock)] : Blocks, IsInline: false);
    }

    private byte[] Copy(int lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        Bytes.Span[..Math.Min(lengthBytes, Bytes.Length)].CopyTo(bytes);
        return bytes;
    }
}
