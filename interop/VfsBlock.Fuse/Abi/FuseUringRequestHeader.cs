using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_uring_req_header</c> (288 bytes): the header buffer of a ring entry. Request and reply share it.
/// </summary>
/// <remarks>Source: linux/fuse.h, protocol 7.42.</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct FuseUringRequestHeader
{
    /// <summary>
    /// Request: <see cref="FuseInHeader"/>. Reply: <see cref="FuseOutHeader"/>, whose length is not looked at.
    /// </summary>
    public fixed byte InOut[128];

    /// <summary>Request: the first argument struct of the opcode. Empty where the body starts with a name.</summary>
    public fixed byte OperationIn[128];

    /// <summary>Sizes and the commit id.</summary>
    public FuseUringEntryInOut Entry;
}
