namespace VfsBlock.Interop;

/// <summary>What a descriptor stands for, as far as storage cares.</summary>
public enum HostFileKind
{
    /// <summary>A directory, a pipe, a socket, a character device: nothing with a size and offsets.</summary>
    Other,

    /// <summary>A regular file.</summary>
    RegularFile,

    /// <summary>A block device: its size is given.</summary>
    BlockDevice,
}
