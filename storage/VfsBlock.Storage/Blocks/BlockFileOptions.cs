namespace VfsBlock.Storage;

/// <summary>How an image is opened.</summary>
public sealed record BlockFileOptions
{
    /// <summary>The smallest <see cref="FrameMemoryBytes"/>.</summary>
    public const long MinFrameMemoryBytes = 1L << 20;

    /// <summary>What holds unless told otherwise.</summary>
    public static BlockFileOptions Default { get; } = new();

    /// <summary>True to open for reading only: nothing is written, not even to repair after a crash.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>How blocks that are not in a frame are read.</summary>
    public MetadataAccess Metadata { get; init; }

    /// <summary>
    /// Native memory for blocks that were changed and not yet committed, and for copies of others, in bytes. It is taken page by page as it is
    /// used. When dirty blocks fill it, changes answer EBUSY until the next commit.
    /// </summary>
    public long FrameMemoryBytes { get; init; } = 64L << 20;

    /// <summary>True to remember where each lease was taken, so that one that is never released can be named. Costs a stack trace each.</summary>
    public bool TracksLeases { get; init; }

    /// <summary>Where the times in root records come from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What root records call this opening (FORMAT.md section 1.2, owner); random unless it is set. Only for images that must come out the same each time.</summary>
    internal Guid? OwnerId { get; init; }

    /// <summary>Takes one line about something that the user should know; nothing if not set. Any thread may call it.</summary>
    public Action<string>? Log { get; init; }
}
