namespace VfsBlock.Fuse.Tests;

/// <summary>One struct of the protocol.</summary>
/// <param name="Name">Our type.</param>
/// <param name="KernelName">The kernel's name, without the word struct.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Fields">All its fields in order.</param>
internal sealed record AbiStruct(string Name, string KernelName, int SizeBytes, IReadOnlyList<AbiField> Fields)
{
    /// <summary>The type itself.</summary>
    public Type Type { get; } = typeof(NodeId).Assembly.GetType($"VfsBlock.Fuse.{Name}", throwOnError: true)!;
}
