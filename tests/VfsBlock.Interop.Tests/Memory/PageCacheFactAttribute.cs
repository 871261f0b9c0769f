using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>A test that counts dirty pages: skipped, with the reason, where the kernel or file system does not count them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PageCacheFactAttribute : FactAttribute
{
    public PageCacheFactAttribute() => Skip = PageCache.Problem;
}
