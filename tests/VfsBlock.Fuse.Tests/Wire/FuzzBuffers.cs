using VfsBlock.TestKit;

namespace VfsBlock.Fuse.Tests;

/// <summary>Guarded memory for each area that a request can arrive in.</summary>
internal sealed class FuzzBuffers(int maxRequestBytes) : IDisposable
{
    public GuardedBuffer Header { get; } = new(maxRequestBytes);

    public GuardedBuffer Argument { get; } = new(maxRequestBytes);

    public GuardedBuffer Message { get; } = new(maxRequestBytes);

    public void Dispose()
    {
        Header.Dispose();
        Argument.Dispose();
        Message.Dispose();
    }
}
