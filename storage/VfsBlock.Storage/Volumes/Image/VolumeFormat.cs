namespace VfsBlock.Storage;

/// <summary>What is decided about a volume when it is made.</summary>
public sealed record VolumeFormat
{
    /// <summary>The smallest intent log in bytes: a quarter of it must hold the largest change and, besides, the places of all bytes that wait in memory.</summary>
    public const int MinLogBytes = 1 << 20;

    /// <summary>Its name, for people; at most 64 bytes of UTF-8.</summary>
    public string Label { get; init; } = "";

    /// <summary>The image never grows larger, in bytes; 0 for no limit but the host's.</summary>
    public long SizeLimitBytes { get; init; }

    /// <summary>Size of the intent log in bytes; what is less than <see cref="MinLogBytes"/> counts as that. A larger one makes checkpoints rarer and recovery longer.</summary>
    public int LogBytes { get; init; } = 32 << 20;

    /// <summary>The permissions of the root directory.</summary>
    public uint RootPermissions { get; init; } = 0x1ED;

    /// <summary>Who owns the root directory.</summary>
    public Credentials Owner { get; init; }

    /// <summary>Where the times of the new volume come from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The uuid of the image; random unless it is set. Only for images that must come out the same each time.</summary>
    internal Guid? Id { get; init; }

    /// <summary>The key of the volume's hashes; random unless it is set, as it must be a secret. Only for images that must come out the same each time.</summary>
    internal HashKey? HashKey { get; init; }
}
