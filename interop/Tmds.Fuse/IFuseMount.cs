namespace Tmds.Fuse;

/// <summary>A file system that is mounted and served. Any thread may call it, except from inside an operation of that file system.</summary>
public interface IFuseMount : IDisposable
{
    /// <summary>Ends when the mount is gone, the last request answered and the file system disposed.</summary>
    /// <returns>Faulted with a <see cref="FuseException"/> if the mount ended by itself.</returns>
    Task WaitForUnmountAsync();

    /// <summary>Takes the mount out of the directory tree now; who has a file open in it is served until the last close.</summary>
    void LazyUnmount();

    /// <summary>Does <see cref="LazyUnmount"/> and waits for the end.</summary>
    /// <param name="timeout">For how long, in milliseconds; -1 for ever.</param>
    /// <returns>False if files were still open after that time; it may be called again.</returns>
    Task<bool> UnmountAsync(int timeout = -1);
}
