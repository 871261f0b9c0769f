namespace VfsBlock.Fuse;

/// <summary>What a session needs of its mount: ways to the kernel, and ways to end it.</summary>
/// <remarks>The session owns it and disposes it last. Any thread may call it.</remarks>
internal interface IFuseConnection : IDisposable
{
    /// <summary>What the connection serves, for messages: the mount point.</summary>
    string Name { get; }

    /// <summary>A channel for the serving thread number <paramref name="index"/>, owned by it.</summary>
    /// <param name="index">0 for the one that answers INIT; the others come after that.</param>
    IFuseChannel OpenChannel(int index);

    /// <summary>Unmounts, at once if nothing is in use, else as soon as nothing is. No error if it is unmounted already.</summary>
    /// <returns>Null, or why it is still mounted.</returns>
    string? Unmount();

    /// <summary>Ends the connection with whatever is under way: callers get an error, channels ECONNABORTED or ENODEV.</summary>
    void Abort();
}
