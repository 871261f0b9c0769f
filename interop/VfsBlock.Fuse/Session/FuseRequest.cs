namespace VfsBlock.Fuse;

/// <summary>
/// One request of the kernel, from its arrival to its reply: who asks, and the means to answer later.
/// </summary>
/// <remarks>
/// Reused for the next request once answered, so a file system keeps a reference only between
/// taking it over and completing it. The properties may be read on any thread in that time.
/// </remarks>
public sealed class FuseRequest
{
    /// <summary>The kernel's number for the request, without the mark of a resent one.</summary>
    public ulong Unique { get; internal set; }

    /// <summary>What is asked.</summary>
    public FuseOpcode Opcode { get; internal set; }

    /// <summary>The node it is asked of.</summary>
    public NodeId Node { get; internal set; }

    /// <summary>The caller's user id: the file system's own view where ids are mapped; 0 for RELEASE.</summary>
    public uint UserId { get; internal set; }

    /// <summary>The caller's group id.</summary>
    public uint GroupId { get; internal set; }

    /// <summary>The caller's thread id in the server's pid namespace; 0 if it has none there.</summary>
    public uint ProcessId { get; internal set; }

    /// <summary>True if an earlier server may have carried the request out already (NOTIFY_RESEND).</summary>
    public bool IsResent { get; internal set; }

    /// <summary>True once the caller got a signal. See <see cref="FuseFileSystem.Interrupted"/>.</summary>
    public bool IsInterrupted { get; internal set; }
}
