using System.Buffers.Binary;

namespace VfsBlock.Storage.Tests;

/// <summary>One message of a <see cref="KillWorker"/>. Messages are short enough that a pipe takes each whole, so their order is the order in which things happened.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Thread">In which thread.</param>
/// <param name="Index">To which of its operations.</param>
internal readonly record struct KillEvent(KillEventKind Kind, int Thread = 0, int Index = 0)
{
    public const int EncodedBytes = 8;

    public static KillEvent Read(ReadOnlySpan<byte> bytes) =>
        new((KillEventKind)bytes[0], bytes[1], BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]));

    public void Write(Span<byte> bytes)
    {
        bytes.Clear();
        bytes[0] = (byte)Kind;
        bytes[1] = (byte)Thread;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Index);
    }
}
