namespace VfsBlock.Fuse;

/// <summary>Which payload a successful reply has.</summary>
public enum FuseReplyShape
{
    /// <summary>There must be no reply at all, not even an error.</summary>
    NoReply = 0,

    /// <summary>A payload of one size, which the kernel insists on; 0 bytes for a mere success.</summary>
    Fixed,

    /// <summary>A payload of any size up to what the request allows.</summary>
    Variable,
}
