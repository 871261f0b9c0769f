using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>An image that a command was told to use, by a path of any bytes.</summary>
internal static class ImageFile
{
    /// <summary>Opens it to look, beside others who do; a log that was left is replayed in memory.</summary>
    /// <exception cref="StorageException">As <see cref="Volume.Open(string, VolumeOptions?)"/>.</exception>
    public static Volume OpenForReading(string image) => Volume.Open(Usable(image), new VolumeOptions { File = new BlockFileOptions { IsReadOnly = true } });

    /// <summary>Opens it to change it. Nobody else may have it open.</summary>
    /// <exception cref="StorageException">As <see cref="Volume.Open(string, VolumeOptions?)"/>.</exception>
    public static Volume OpenForWriting(string image) => Volume.Open(Usable(image), new VolumeOptions { Maintenance = MaintenanceOptions.Off });

    /// <summary>The path as the library can take it: a path that is no text is replaced by one of a descriptor, which stays open until the end.</summary>
    public static string Usable(string image)
    {
        byte[] path = ByteText.Encode(image);
        return ByteText.IsUtf8(path) || HostFile.TryOpen(path, OpenFlags.Path, 0, out _) is not { } file
            ? Path.GetFullPath(image)
            : $"/proc/self/fd/{file.Handle.DangerousGetHandle()}";
    }
}
