using System.Globalization;

namespace VfsBlock.Storage.TestKit;

/// <summary>One entry in the record of a <see cref="SimDisk"/>.</summary>
public sealed class SimEvent
{
    private readonly byte[] _data;

    internal SimEvent(SimEventKind kind, int position, long offsetBytes, long lengthBytes, byte[] data)
    {
        Kind = kind;
        Position = position;
        OffsetBytes = offsetBytes;
        LengthBytes = lengthBytes;
        _data = data;
        CompletedAt = kind == SimEventKind.Write ? int.MaxValue : position;
    }

    /// <summary>What happened.</summary>
    public SimEventKind Kind { get; }

    /// <summary>Its place in the record, from 0.</summary>
    public int Position { get; }

    /// <summary>Where the write or discard begins; the new size of a resize; of a completion, the position of the write.</summary>
    public long OffsetBytes { get; }

    /// <summary>Length of the write or discard.</summary>
    public long LengthBytes { get; }

    /// <summary>The bytes of a write, all its pieces in one.</summary>
    public ReadOnlySpan<byte> Data => _data;

    /// <summary>Of a write: the position of its completion, or <see cref="int.MaxValue"/> as long as there is none.</summary>
    public int CompletedAt { get; internal set; }

    /// <summary>True if a power cut before the next flush may take it back.</summary>
    public bool Changes => Kind is SimEventKind.Write or SimEventKind.Resize or SimEventKind.Discard;

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        SimEventKind.Write or SimEventKind.Discard =>
            string.Create(CultureInfo.InvariantCulture, $"{Position}: {Kind} {LengthBytes} bytes at {OffsetBytes}"),
        SimEventKind.Completion => string.Create(CultureInfo.InvariantCulture, $"{Position}: {Kind} of {OffsetBytes}"),
        SimEventKind.Resize => string.Create(CultureInfo.InvariantCulture, $"{Position}: {Kind} to {OffsetBytes} bytes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Position}: {Kind}"),
    };
}
