namespace VfsBlock.Storage;

/// <summary>Out of which part of the free space an allocation may be met.</summary>
public enum AllocationRight
{
    /// <summary>What nobody reserved, without the hidden reserve.</summary>
    Ordinary = 0,

    /// <summary>What the caller reserved before.</summary>
    Reserved = 1,

    /// <summary>Also the hidden reserve: for changes that free space, so that a full image can be emptied.</summary>
    Deleting = 2,
}
