using Xunit;

namespace VfsBlock.TestKit;

/// <summary>As <see cref="LoopDeviceFactAttribute"/>, for a test with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LoopDeviceTheoryAttribute : TheoryAttribute
{
    public LoopDeviceTheoryAttribute() => Skip = new LoopDeviceFactAttribute().Skip;
}
