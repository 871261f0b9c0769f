using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <summary>One thing that goes wrong on a <see cref="FaultyDevice"/>.</summary>
/// <param name="Kind">What.</param>
/// <param name="Nth">At which call of that sort, counted from 1 at the moment of injection.</param>
public sealed record Fault(FaultKind Kind, int Nth = 1)
{
    /// <summary>Whether it goes on for ever from then on, or happens once.</summary>
    public bool IsForEver { get; init; }

    /// <summary>What the caller is told, where the caller is told.</summary>
    public Errno Error { get; init; } = Errno.EIO;

    /// <summary>Of a short write: how many bytes are stored; a multiple of the alignment.</summary>
    public int KeptBytes { get; init; }

    /// <summary>Of a misdirected write: where it goes instead.</summary>
    public long TargetOffsetBytes { get; init; }

    /// <summary>Of a bit flip: which bit of the buffer, counted from its beginning.</summary>
    public int BitIndex { get; init; }
}
