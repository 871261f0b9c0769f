using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>A test that counts dirty pages: skipped, with the reason, where the kernel or file system does not count them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PageCacheFactAttribute : FactAttribute
{
    /// <param name="onLoopDevice">The test makes a <see cref="LoopDevice"/>, too.</param>
    public PageCacheFactAttribute(bool onLoopDevice = false) =>
        Skip = PageCache.Problem ?? (onLoopDevice ? new LoopDeviceFactAttribute().Skip : null);
}
