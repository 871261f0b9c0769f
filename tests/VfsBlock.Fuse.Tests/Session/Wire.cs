using System.Runtime.InteropServices;
using System.Text;

namespace VfsBlock.Fuse.Tests;

/// <summary>Bytes of structs and names, as they stand in messages.</summary>
internal static class Wire
{
    public static byte[] Bytes<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    public static byte[] Bytes<T>(T value, string name)
        where T : unmanaged => [.. Bytes(value), .. Name(name)];

    public static byte[] Name(string name) => [.. Encoding.UTF8.GetBytes(name), 0];

    public static byte[] Read(uint sizeBytes, ulong offsetBytes = 0) =>
        Bytes(new FuseReadIn { Size = sizeBytes, Offset = offsetBytes });
}
