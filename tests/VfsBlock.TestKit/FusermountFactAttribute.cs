using Xunit;

namespace VfsBlock.TestKit;

/// <summary>A test that mounts through fusermount3, as root too; skipped, with the reason, where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FusermountFactAttribute : FactAttribute
{
    public FusermountFactAttribute() => Skip = MountSupport.FusermountProblem;
}
