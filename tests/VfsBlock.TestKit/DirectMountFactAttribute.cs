using Xunit;

namespace VfsBlock.TestKit;

/// <summary>A test that mounts a FUSE file system without fusermount3; skipped for everybody but root.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DirectMountFactAttribute : FactAttribute
{
    public DirectMountFactAttribute() =>
        Skip = MountSupport.Problem ?? (MountSupport.MayMount ? null : "only root mounts without fusermount3");
}
