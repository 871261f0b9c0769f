namespace VfsBlock.Storage;

/// <summary>What is fixed when an image is made.</summary>
public sealed record BlockFileFormat
{
    /// <summary>Block size in bytes: a multiple of 4096, at most 65536.</summary>
    public int BlockSizeBytes { get; init; } = ImageLayout.PageBytes;

    /// <summary>A name for people; at most 64 bytes of UTF-8.</summary>
    public string Label { get; init; } = "";

    /// <summary>The image never grows beyond; 0 for no limit. Rounded down to whole blocks.</summary>
    public long SizeLimitBytes { get; init; }

    /// <summary>What the blocks hold (FORMAT.md section 1.1, content); 0 is whatever the user likes.</summary>
    public ulong Content { get; init; }

    /// <summary>Where the time of creation comes from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The uuid of the image; random unless it is set. Only for images that must come out the same each time.</summary>
    internal Guid? Id { get; init; }
}
