using Xunit;

namespace VfsBlock.TestKit;

/// <summary>A test that mounts a FUSE file system by whatever way this user has; skipped, with the reason, if none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountedFactAttribute : FactAttribute
{
    public MountedFactAttribute() => Skip = MountSupport.Problem;
}
