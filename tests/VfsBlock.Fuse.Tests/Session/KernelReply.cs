using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Fuse.Tests;

/// <summary>A message of the server as the kernel would see it.</summary>
/// <param name="Unique">The request it answers; 0 for a notification.</param>
/// <param name="Code">The header's error field: 0, a negated errno, or a notification's code.</param>
/// <param name="Body">What follows the header.</param>
internal sealed record KernelReply(ulong Unique, int Code, byte[] Body)
{
    public Errno Error => (Errno)(-Code);

    public T As<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Body);
}
