using System.Text;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>The one-value files of sysfs and fusectl. Stateless; any thread may call it.</summary>
internal static class ControlFile
{
    /// <summary>Writes a value in one call, as these files want it.</summary>
    public static Errno Write(string path, string value)
    {
        using HostFile? file = HostFile.TryOpen(path, OpenFlags.WriteOnly, 0, out Errno error);
        return file is null ? error : file.WriteNext(Encoding.UTF8.GetBytes(value)).Error;
    }

    /// <summary>Reads a value, trimmed.</summary>
    public static Errno Read(string path, out string value)
    {
        value = "";
        using HostFile? file = HostFile.TryOpen(path, OpenFlags.ReadOnly, 0, out Errno error);
        if (file is null)
        {
            return error;
        }

        Span<byte> bytes = stackalloc byte[256];
        IoResult result = file.ReadNext(bytes);
        value = Encoding.UTF8.GetString(bytes[..(int)result.Bytes]).Trim();
        return result.Error;
    }
}
