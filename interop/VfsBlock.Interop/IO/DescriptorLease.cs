using System.Runtime.InteropServices;

namespace VfsBlock.Interop;

/// <summary>
/// Keeps a handle's descriptor open for as long as the lease lives, so that a Dispose on another thread cannot close it,
/// and a new file take its number, in the middle of a system call.
/// </summary>
/// <remarks>Lives on the stack of one call. Takes no lock: two interlocked operations on the handle's count.</remarks>
internal readonly ref struct DescriptorLease
{
    private readonly SafeHandle _handle;

    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    public DescriptorLease(SafeHandle handle)
    {
        // The count is held on every return: DangerousAddRef either takes it or throws.
        bool held = false;
        handle.DangerousAddRef(ref held);
        _handle = handle;
    }

    /// <summary>The descriptor; good until the lease is disposed.</summary>
    public int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>Lets go of the descriptor; the last one out closes it if the handle was disposed meanwhile.</summary>
    public void Dispose() => _handle.DangerousRelease();
}
