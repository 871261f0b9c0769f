using Xunit;

namespace VfsBlock.TestKit;

/// <summary>As <see cref="RootFactAttribute"/>, for a test with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute() => Skip = MountSupport.MayMount ? null : "needs root with CAP_SYS_ADMIN";
}
