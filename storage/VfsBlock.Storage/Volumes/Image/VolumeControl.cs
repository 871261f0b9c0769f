using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>The control data of a volume: where its trees and its log are (FORMAT.md section 4.1).</summary>
/// <param name="State">The namespace's part.</param>
/// <param name="Ring">Where the log lies.</param>
/// <param name="Position">Where replay begins.</param>
internal readonly record struct VolumeControl(VolumeState State, LogRing Ring, LogPosition Position)
{
    /// <summary>Bytes of it.</summary>
    public const int EncodedBytes = 160;

    private const uint Version = 1;
    private const int SystemTreeOffset = 16;
    private const int SharedExtentTreeOffset = 40;
    private const int FileTreeOffset = 64;
    private const int LogOffset = 88;
    private const int PositionOffset = 100;
    private const int NextInodeOffset = 120;
    private const int InodeCountOffset = 128;
    private const int HashKeyOffset = 136;
    private const int DataBlockCountOffset = 152;

    /// <summary>What a volume's superblock says that its content is.</summary>
    public static ulong Content => BinaryPrimitives.ReadUInt64LittleEndian("VOLUME\0\0"u8);

    private static ReadOnlySpan<byte> Magic => "VFSBVOLU"u8;

    /// <summary>Reads control data, and believes it only if each field can be true.</summary>
    /// <returns>False if it is not that of a volume of this version.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out VolumeControl control)
    {
        control = default;
        if (source.Length < EncodedBytes || !source.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(source[12..]) != NodeFormat.SizeBytes)
        {
            return false;
        }

        ulong logBlock = BinaryPrimitives.ReadUInt64LittleEndian(source[LogOffset..]);
        uint pageCount = BinaryPrimitives.ReadUInt32LittleEndian(source[(LogOffset + 8)..]);
        if (logBlock is 0 or >= LogFormat.BlockLimit || pageCount is < VolumeFormat.MinLogBytes / LogFormat.PageBytes or > int.MaxValue)
        {
            return false;
        }

        var ring = new LogRing((long)logBlock * WriteChunk.BlockSizeBytes, (int)pageCount);
        LogPosition position = LogPosition.Decode(source[PositionOffset..]);
        var state = new VolumeState
        {
            SystemTree = ReadPointer(source[SystemTreeOffset..]),
            SharedExtentTree = ReadPointer(source[SharedExtentTreeOffset..]),
            FileTree = ReadPointer(source[FileTreeOffset..]),
            NextInode = new InodeNumber(BinaryPrimitives.ReadUInt64LittleEndian(source[NextInodeOffset..])),
            InodeCount = BinaryPrimitives.ReadUInt64LittleEndian(source[InodeCountOffset..]),
            DataBlockCount = BinaryPrimitives.ReadUInt64LittleEndian(source[DataBlockCountOffset..]),
            HashKey = MemoryMarshal.Read<HashKey>(source[HashKeyOffset..]),
        };
        control = new VolumeControl(state, ring, position);
        return position.FitsIn(ring);
    }

    /// <summary>Writes it.</summary>
    /// <param name="target">At least <see cref="EncodedBytes"/> bytes.</param>
    public void Write(Span<byte> target)
    {
        target[..EncodedBytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], NodeFormat.SizeBytes);
        WritePointer(target[SystemTreeOffset..], State.SystemTree);
        WritePointer(target[SharedExtentTreeOffset..], State.SharedExtentTree);
        WritePointer(target[FileTreeOffset..], State.FileTree);
        BinaryPrimitives.WriteUInt64LittleEndian(target[LogOffset..], (ulong)(Ring.OffsetBytes / WriteChunk.BlockSizeBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(target[(LogOffset + 8)..], (uint)Ring.PageCount);
        Position.Encode(target[PositionOffset..]);
        BinaryPrimitives.WriteUInt64LittleEndian(target[NextInodeOffset..], State.NextInode.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[InodeCountOffset..], State.InodeCount);
        HashKey hashKey = State.HashKey;
        MemoryMarshal.Write(target[HashKeyOffset..], in hashKey);
        BinaryPrimitives.WriteUInt64LittleEndian(target[DataBlockCountOffset..], State.DataBlockCount);
    }

    private static NodePointer ReadPointer(ReadOnlySpan<byte> source) => new(
        new BlockNumber(BinaryPrimitives.ReadUInt64LittleEndian(source)),
        BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[16..]));

    private static void WritePointer(Span<byte> target, in NodePointer pointer)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, pointer.Block.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], pointer.Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(target[16..], pointer.Checksum);
    }
}
