using System.Globalization;

namespace VfsBlock.Fuse;

/// <summary>Names a node (file, directory, link) between the kernel and the server.</summary>
/// <param name="Value">The number on the wire; 0 names no node.</param>
public readonly record struct NodeId(ulong Value)
{
    /// <summary>The root directory (FUSE_ROOT_ID).</summary>
    public static NodeId Root => new(1);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
