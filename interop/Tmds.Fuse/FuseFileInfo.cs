namespace Tmds.Fuse;

/// <summary>An open file: what the caller asked for, and what the file system wants to know of it again.</summary>
public struct FuseFileInfo
{
    /// <summary><c>O_*</c> of open(2), in Open, Create, Read, Write and Release.</summary>
    public int flags { get; set; }

    /// <summary>The file system's own number for the open file: set in Open, Create and OpenDir, handed back in every call on it.</summary>
    public ulong fh { get; set; }

    /// <summary>Who holds the POSIX locks, in Read, Write, Flush and Release, if the kernel says so; else 0.</summary>
    public ulong lock_owner { get; set; }

    /// <summary>Events asked for by poll(2); the API has no such call, so always 0.</summary>
    public uint poll_events { get; set; }

    /// <summary>In Write: the page cache is being written back, and <see cref="fh"/> is any that may write.</summary>
    public bool writepage { get; set; }

    /// <summary>Set in Open and Create: no page cache for this file. Its size in GetAttr is then not believed.</summary>
    public bool direct_io { get; set; }

    /// <summary>Set in Open and Create: what the page cache holds of the file is still right.</summary>
    public bool keep_cache { get; set; }
}
