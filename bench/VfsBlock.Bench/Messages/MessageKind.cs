namespace VfsBlock.Bench;

/// <summary>A system call that costs exactly one FUSE message.</summary>
internal enum MessageKind
{
    /// <summary>GETATTR: statx(2) that refuses cached attributes.</summary>
    GetAttr,

    /// <summary>READ of 4 KiB: pread(2) with O_DIRECT.</summary>
    Read4K,

    /// <summary>WRITE of 4 KiB: pwrite(2) with O_DIRECT.</summary>
    Write4K,
}
