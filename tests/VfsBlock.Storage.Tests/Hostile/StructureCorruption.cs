namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>A structure made wrong with all checksums right, or a checksum made wrong, and all that the checker says of it.</summary>
/// <param name="Sample">Of which image.</param>
/// <param name="Expected">The names of the findings, each once: see <see cref="StructureCorruptions.NameOf"/>.</param>
/// <param name="Make">Makes it.</param>
internal sealed record StructureCorruption(HostileSample Sample, string[] Expected, Action<ImageForge, ImageMap> Make)
{
    /// <summary>What else may be said of inodes whose items a lost node has.</summary>
    public IReadOnlyList<VolumeFindingKind> MayFollow { get; init; } = [];
}
