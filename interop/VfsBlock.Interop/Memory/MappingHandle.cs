using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>
/// Owns one range of mapped addresses and, for a file, a reference to its handle. The range is unmapped once: when it has
/// been disposed (or finalised) <em>and</em> no operation holds a reference any more. That is what makes a dispose during a
/// copy on another thread harmless.
/// </summary>
/// <remarks>Any thread may use it; it takes no lock.</remarks>
internal sealed class MappingHandle : SafeHandle
{
    private nuint _mappedBytes;
    private SafeFileHandle? _file;

    /// <summary>Owns nothing until <see cref="Map"/>; so no mapping can leak for want of an object to own it.</summary>
    public MappingHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The first byte; only for a holder of a reference, or for comparing.</summary>
    public nint Address => handle;

    /// <summary>The file's descriptor, or -1; only for a holder of a reference.</summary>
    public int FileDescriptor => _file is null ? -1 : (int)_file.DangerousGetHandle();

    /// <summary>Maps new address space; called once. After an error the handle owns nothing and is to be disposed.</summary>
    /// <param name="lengthBytes">How much; the kernel rounds it up to a page.</param>
    /// <param name="protection">What the pages allow.</param>
    /// <param name="flags">How to map them.</param>
    /// <param name="file">Kept open until the range is unmapped, and mapped unless the flags say anonymous; or null.</param>
    /// <param name="fileOffsetBytes">Where in the file; a multiple of the page size.</param>
    /// <returns>None, or what mmap(2) answered.</returns>
    public Errno Map(
        nuint lengthBytes, MapProtection protection, MapFlags flags, SafeFileHandle? file, long fileOffsetBytes)
    {
        bool isHeld = false;
        file?.DangerousAddRef(ref isHeld);
        int fileDescriptor = file is null || flags.HasFlag(MapFlags.Anonymous) ? -1 : (int)file.DangerousGetHandle();
        nint address = Libc.MMap(0, lengthBytes, protection, flags, fileDescriptor, fileOffsetBytes);
        if (address < 0)
        {
            file?.DangerousRelease();
            return (Errno)(int)-address;
        }

        _mappedBytes = lengthBytes;
        _file = file;
        SetHandle(address);
        return Errno.None;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        bool unmapped = Libc.MUnmap(handle, _mappedBytes) == 0;
        _file?.DangerousRelease();
        return unmapped;
    }
}
