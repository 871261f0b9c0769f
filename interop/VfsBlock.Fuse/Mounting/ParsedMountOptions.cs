using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>What a <c>-o</c> string said.</summary>
/// <param name="Options">The options that concern the mount.</param>
/// <param name="Unknown">The others, unescaped, in their order: <c>name</c> or <c>name=value</c>.</param>
/// <param name="Overridden">One sentence for every option that a later one took back. As in mount(8), the later wins.</param>
public sealed record ParsedMountOptions(
    MountOptions Options, IReadOnlyList<string> Unknown, IReadOnlyList<string> Overridden)
{
    /// <summary>For a file system without options of its own: refuses what is left over.</summary>
    /// <exception cref="FuseMountException">There are unknown options; the message names them.</exception>
    public MountOptions RefuseUnknown()
    {
        if (Unknown.Count > 0)
        {
            throw new FuseMountException(
                $"unknown mount option{(Unknown.Count == 1 ? "" : "s")}: {string.Join(", ", Unknown.Select(o => $"'{o}'"))}; "
                + "remove them from -o, or check their spelling",
                Errno.EINVAL);
        }

        return Options;
    }
}
