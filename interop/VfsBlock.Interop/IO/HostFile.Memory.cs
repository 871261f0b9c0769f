using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <content>Files in memory.</content>
public sealed unsafe partial class HostFile
{
    /// <summary>Makes an empty file in memory that has no name in any directory and goes when it is closed. memfd_create(2).</summary>
    /// <param name="name">What /proc shows it by; at most 249 bytes of UTF-8.</param>
    /// <exception cref="ErrnoException">EMFILE, ENFILE, ENOMEM; EINVAL for a name that is too long.</exception>
    public static HostFile CreateInMemory(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        byte[] terminated = System.Text.Encoding.UTF8.GetBytes(name + '\0');
        int descriptor;
        fixed (byte* bytes = terminated)
        {
            descriptor = Libc.MemoryFile(bytes);
        }

        return descriptor < 0
            ? throw new ErrnoException((Errno)(-descriptor), $"cannot make the memory file '{name}'")
            : new HostFile(new SafeFileHandle(descriptor, ownsHandle: true));
    }
}
