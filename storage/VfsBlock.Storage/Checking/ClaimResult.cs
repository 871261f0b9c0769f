namespace VfsBlock.Storage;

/// <summary>What became of a claim on blocks.</summary>
internal enum ClaimResult
{
    /// <summary>The blocks are the claimer's now.</summary>
    Done,

    /// <summary>Some of them belong to somebody already. The others are claimed too.</summary>
    Taken,

    /// <summary>The run does not lie in one group of the image, behind what belongs to the format. Nothing was claimed.</summary>
    Outside,
}
