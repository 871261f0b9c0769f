namespace VfsBlock.Interop.Tests;

/// <summary>The contract on threads.</summary>
public sealed class ThreadQueueTests : IoQueueTests
{
    private protected override IIoQueue Make(int depth) => new ThreadQueue(depth, threadCount: 3);
}
