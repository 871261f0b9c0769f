using Xunit;

namespace VfsBlock.TestKit;

/// <summary>A test that mounts or otherwise needs an administrator; skipped, with that reason, for everybody else.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = MountSupport.MayMount ? null : "needs root with CAP_SYS_ADMIN";
}
