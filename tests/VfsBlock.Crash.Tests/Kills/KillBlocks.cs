using System.Buffers.Binary;
using VfsBlock.Interop;

namespace VfsBlock.Storage.Tests;

/// <summary>
/// A process on a block file: it counts in the control data and in a block that the control data names, syncs, and tells each number on its standard output once that has returned.
/// </summary>
internal static class KillBlocks
{
    /// <summary>The first argument that asks for it.</summary>
    public const string Word = "blocks";

    public const int NumberBytes = sizeof(long);

    public static int Run(string image)
    {
        using BlockFile file = BlockFile.Open(image);
        using Stream output = Console.OpenStandardOutput();
        (long number, BlockNumber block) = Last(file);
        byte[] control = new byte[2 * NumberBytes];
        while (true)
        {
            number++;
            BlockNumber old = block;
            Check(file.Allocate(out block));
            Check(file.DoEdit(block, 1, number, (bytes, written) => bytes.Fill((byte)written)));
            Check(old.Value == 0 ? Errno.None : file.Free(old));
            BinaryPrimitives.WriteInt64LittleEndian(control, number);
            BinaryPrimitives.WriteUInt64LittleEndian(control.AsSpan(NumberBytes), block.Value);
            Check(file.SetControlData(control));
            output.Write(control.AsSpan(0, NumberBytes));
        }
    }

    /// <summary>The number that was synced last, and the block that is full of it; 0 in a new file.</summary>
    public static (long Number, BlockNumber Block) Last(BlockFile file)
    {
        byte[] control = file.ControlData();
        return control.Length == 0
            ? default
            : (BinaryPrimitives.ReadInt64LittleEndian(control), new BlockNumber(BinaryPrimitives.ReadUInt64LittleEndian(control.AsSpan(NumberBytes))));
    }

    private static void Check(Errno error)
    {
        if (error != Errno.None)
        {
            throw new CrashFailedException($"the block file answers {error}");
        }
    }
}
