using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>A commit in progress: what it makes durable, fixed when it began. One object serves all commits of a file.</summary>
/// <remarks>Filled under the file's lock; between beginning and publishing only the committing thread reads it, without a lock.</remarks>
internal sealed class Commit : IDisposable
{
    public CommitPhase Phase { get; set; }

    public RootRecord Root { get; set; } = new();

    /// <summary>Frames to be published.</summary>
    public List<int> Frames { get; } = [];

    /// <summary>What goes to its own place, because no root reaches that yet.</summary>
    public List<FramePiece> FreshPieces { get; } = [];

    /// <summary>The same blocks' copies that make changes in place atomic.</summary>
    public List<FramePiece> RedoPieces { get; } = [];

    /// <summary>What goes to its own place after the root record is durable.</summary>
    public List<FramePiece> InPlacePieces { get; } = [];

    /// <summary>Blocks for the redo list.</summary>
    public List<ulong> RedoBlocks { get; } = [];

    /// <summary>The redo list; checksums are filled in before it is written.</summary>
    public List<RedoEntry> RedoEntries { get; } = [];

    /// <summary>One record, aligned; also a descriptor page.</summary>
    public NativeBuffer Buffer { get; } = new(RootRecord.SizeBytes);

    public void Clear()
    {
        Frames.Clear();
        FreshPieces.Clear();
        RedoPieces.Clear();
        InPlacePieces.Clear();
        RedoBlocks.Clear();
        RedoEntries.Clear();
        Phase = CommitPhase.Idle;
    }

    public void Dispose() => Buffer.Dispose();
}
