namespace VfsBlock.Interop;

/// <summary>What a flush promises when it returns.</summary>
public enum FlushMode
{
    /// <summary>
    /// The bytes, and the file's size if it grew, survive a power failure: written and the device's cache flushed
    /// (msync with MS_SYNC).
    /// </summary>
    Durable = 0,

    /// <summary>
    /// Writing has begun and goes on by itself; nothing is promised (sync_file_range with SYNC_FILE_RANGE_WRITE, because
    /// msync's MS_ASYNC does nothing on Linux). A later durable flush of the range has less to do.
    /// </summary>
    Started = 1,
}
