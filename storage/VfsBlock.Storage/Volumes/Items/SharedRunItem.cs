using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>A run of blocks that more than one extent has, and how many do (FORMAT.md section 4.7).</summary>
/// <param name="First">The first block.</param>
/// <param name="BlockCount">How many blocks.</param>
/// <param name="ReferenceCount">How many extents have each of them: 2 or more.</param>
/// <param name="Generation">The generation that the run was first shared in.</param>
internal readonly record struct SharedRunItem(ulong First, ulong BlockCount, uint ReferenceCount, ulong Generation)
{
    /// <summary>Bytes of the value.</summary>
    public const int EncodedBytes = 16;

    /// <summary>The fewest references that need an item.</summary>
    public const uint MinReferences = 2;

    private const int GenerationOffset = 8;

    /// <summary>Its key.</summary>
    public TreeKey Key => new(First, BlockCount);

    /// <summary>The block behind the run.</summary>
    public ulong End => First + BlockCount;

    /// <summary>Reads an item and believes it only if each field can be true.</summary>
    /// <returns>False if it is damaged.</returns>
    public static bool TryRead(in TreeItem item, out SharedRunItem run)
    {
        run = default;
        if (item.Value.Length != EncodedBytes || item.Key.Low == 0 || item.Key.High == 0 || item.Key.High + item.Key.Low < item.Key.High)
        {
            return false;
        }

        run = new SharedRunItem(
            item.Key.High,
            item.Key.Low,
            BinaryPrimitives.ReadUInt32LittleEndian(item.Value),
            BinaryPrimitives.ReadUInt64LittleEndian(item.Value[GenerationOffset..]));
        return run.ReferenceCount >= MinReferences;
    }

    /// <summary>Writes the value.</summary>
    /// <param name="destination">At least <see cref="EncodedBytes"/> bytes.</param>
    /// <returns>What was written.</returns>
    public ReadOnlySpan<byte> Write(Span<byte> destination)
    {
        destination[..EncodedBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(destination, ReferenceCount);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[GenerationOffset..], Generation);
        return destination[..EncodedBytes];
    }
}
