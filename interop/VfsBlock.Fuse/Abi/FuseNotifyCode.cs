namespace VfsBlock.Fuse;

/// <summary>What a notification of the server says (enum fuse_notify_code).</summary>
public enum FuseNotifyCode
{
    /// <summary>Wake who polls a file.</summary>
    Poll = 1,

    /// <summary>Drop a node's cached attributes and data.</summary>
    InvalidateInode = 2,

    /// <summary>Drop a cached name.</summary>
    InvalidateEntry = 3,

    /// <summary>Put data into the page cache.</summary>
    Store = 4,

    /// <summary>Ask for data in the page cache.</summary>
    Retrieve = 5,

    /// <summary>A name is gone.</summary>
    Delete = 6,

    /// <summary>Send all unanswered requests again; no body.</summary>
    Resend = 7,

    /// <summary>Look up all cached names and listings again at their next use; no body.</summary>
    IncrementEpoch = 8,

    /// <summary>Drop unused nodes.</summary>
    Prune = 9,
}
