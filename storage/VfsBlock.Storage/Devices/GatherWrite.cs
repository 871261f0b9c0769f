using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>One write of several pieces of memory to a device, one behind the other; the range was checked.</summary>
internal delegate IoResult GatherWrite(ReadOnlySpan<IoVec> pieces, long offsetBytes);
