using VfsBlock.Fuse;

namespace Tmds.Fuse;

/// <summary>A mount being served, and the end of it: the session is closed and the file system disposed, once, on a thread of its own.</summary>
internal sealed class ServedMount : IFuseMount
{
    private readonly FuseSession _session;
    private readonly IFuseFileSystem _fileSystem;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="session">The session, serving; this owns it.</param>
    /// <param name="fileSystem">What it serves; this owns it.</param>
    public ServedMount(FuseSession session, IFuseFileSystem fileSystem)
    {
        _session = session;
        _fileSystem = fileSystem;
        new Thread(WaitForEnd) { IsBackground = true, Name = "fuse-end" }.Start();
    }

    /// <inheritdoc/>
    public Task WaitForUnmountAsync() => _ended.Task;

    /// <inheritdoc/>
    public void LazyUnmount() => _session.Stop();

    /// <inheritdoc/>
    public async Task<bool> UnmountAsync(int timeout = -1)
    {
        // Unmounting may wait for the server, and the caller's thread is not to wait.
        await Task.Run(_session.Stop).ConfigureAwait(false);
        using var cancellation = new CancellationTokenSource();
        await Task.WhenAny(_ended.Task, Task.Delay(timeout, cancellation.Token)).ConfigureAwait(false);
        await cancellation.CancelAsync().ConfigureAwait(false);
        return _ended.Task.IsCompleted;
    }

    /// <summary>Does <see cref="LazyUnmount"/> and does not wait: files that are open are served until they are closed.</summary>
    public void Dispose() => LazyUnmount();

    private void WaitForEnd()
    {
        _session.WaitForUnmount();
        string? failure = _session.Failure;
        try
        {
            _session.Dispose();
            _fileSystem.Dispose();
        }
        catch (Exception exception)
        {
            _ended.SetException(exception);
            return;
        }

        if (failure is null)
        {
            _ended.SetResult();
        }
        else
        {
            _ended.SetException(new FuseException($"the mount ended by itself: {failure}"));
        }
    }
}
