using Microsoft.Extensions.Logging;

namespace Tmds.Fuse;

/// <summary>How a file system is mounted and served.</summary>
public class MountOptions
{
    /// <summary>One request at a time, also for a file system that <see cref="IFuseFileSystem.SupportsMultiThreading"/>.</summary>
    public bool SingleThread { get; set; }

    /// <summary>
    /// Options as mount(8) takes them behind <c>-o</c>: <c>ro</c>, <c>allow_other</c>, <c>default_permissions</c>, <c>fsname=</c>, <c>subtype=</c>,
    /// <c>auto_unmount</c> and the like; and libfuse's <c>entry_timeout=</c>, <c>attr_timeout=</c>, <c>negative_timeout=</c> (seconds),
    /// <c>use_ino</c>, <c>kernel_cache</c>, <c>direct_io</c>, <c>hard_remove</c>.
    /// </summary>
    public string? Options { get; set; }

    /// <summary>Where failures are told; null for one line each on standard error.</summary>
    public ILogger? Logger { get; set; }
}
