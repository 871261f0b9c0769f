using System.Text;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>
/// A file system in the making (fsopen(2)). Unlike mount(2) it refuses a wrong option by its name, makes the file system
/// before it is put anywhere, and gives a hold on the mount itself instead of on a path that somebody may cover.
/// </summary>
/// <remarks>Owns the descriptor until disposed. For one thread.</remarks>
internal sealed unsafe class FileSystemContext : IDisposable
{
    private readonly SafeFileHandle _context;

    private FileSystemContext(SafeFileHandle context) => _context = context;

    /// <summary>Starts one.</summary>
    /// <returns>None; EPERM if this process may not mount; ENODEV if the kernel does not know the type.</returns>
    public static Errno TryOpen(string type, out FileSystemContext? context)
    {
        fixed (byte* name = CString.From(type))
        {
            int result = Libc.FsOpen(name);
            context = result < 0 ? null : new FileSystemContext(new SafeFileHandle(result, ownsHandle: true));
            return (Errno)(-Math.Min(result, 0));
        }
    }

    /// <summary>Sets one parameter; a null value is a flag.</summary>
    public Errno Set(string key, string? value)
    {
        fixed (byte* name = CString.From(key), text = value is null ? null : CString.From(value))
        {
            return (Errno)(-Libc.FsConfig(Descriptor, value is null ? Libc.SetFlag : Libc.SetString, name, text));
        }
    }

    /// <summary>Makes the file system.</summary>
    public Errno Create() => (Errno)(-Libc.FsConfig(Descriptor, Libc.CreateFileSystem, null, null));

    /// <summary>Makes a mount of it that is in no directory tree yet; closing the descriptor unmounts it.</summary>
    public Errno Mount(uint attributes, out SafeFileHandle? mount)
    {
        int result = Libc.FsMount(Descriptor, attributes);
        mount = result < 0 ? null : new SafeFileHandle(result, ownsHandle: true);
        return (Errno)(-Math.Min(result, 0));
    }

    /// <summary>Puts a mount on a directory.</summary>
    public static Errno Attach(SafeFileHandle mount, string path)
    {
        fixed (byte* target = CString.From(path))
        {
            return (Errno)(-Libc.MoveMount((int)mount.DangerousGetHandle(), target));
        }
    }

    /// <summary>What the kernel had to say about the last failure; empty if nothing.</summary>
    public string ReadMessages()
    {
        var messages = new List<string>();
        byte* buffer = stackalloc byte[512];
        for (long length; (length = Libc.Read(Descriptor, buffer, 512)) > 0;)
        {
            // One message a read, such as "e fuse: Unknown parameter 'x'": a letter for its weight, and the text.
            string message = Encoding.UTF8.GetString(buffer, (int)length).Trim();
            messages.Add(message.Length > 2 && message[1] == ' ' ? message[2..] : message);
        }

        return string.Join("; ", messages);
    }

    public void Dispose() => _context.Dispose();

    private int Descriptor => (int)_context.DangerousGetHandle();
}
