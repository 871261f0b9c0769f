namespace VfsBlock.Mounted.Tests;

/// <summary>Rules that hold on every file system of this project: derive one class for each.</summary>
/// <typeparam name="TMount">What is mounted.</typeparam>
public abstract class MountRules<TMount> : IDisposable
    where TMount : ITestMount, new()
{
    /// <summary>A mount of the test's own.</summary>
    protected ITestMount Mount { get; } = new TMount();

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing) => Mount.Dispose();
}
