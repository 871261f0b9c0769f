using VfsBlock.FileSystem;
using VfsBlock.Fuse;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>The options of a mount, sorted out: for the kernel, for the session, for the file system and for the volume.</summary>
/// <param name="Mount">How to mount.</param>
/// <param name="FileSystem">How to serve it.</param>
/// <param name="Volume">How to open the image.</param>
/// <param name="UsesWritebackCache">Whether the kernel may hold back writes.</param>
/// <param name="ChecksAcls">Whether the kernel checks access control lists.</param>
internal sealed record ServerOptions(MountOptions Mount, VolumeFileSystemOptions FileSystem, VolumeOptions Volume, bool UsesWritebackCache, bool ChecksAcls)
{
    /// <summary>What <see cref="UnmountCommand"/> knows our mounts by, whatever the command line says.</summary>
    public const string Subtype = "vfsblock";

    /// <summary>Reads a <c>-o</c> string. The kernel checks permissions, and everybody may enter what root mounts.</summary>
    /// <param name="image">The image: what df(1) shows as the source.</param>
    /// <param name="text">The options.</param>
    /// <exception cref="FuseMountException">An option is unknown, or its value makes no sense.</exception>
    public static ServerOptions Parse(string image, string text)
    {
        ParsedMountOptions parsed = MountOptionParser.Parse($"default_permissions,{text}");
        MountOptions mount = parsed.Options with
        {
            Source = image,
            Subtype = Subtype,
            AllowOther = parsed.Options.AllowOther || Environment.IsPrivilegedProcess,
        };
        var volume = new VolumeOptions { File = new BlockFileOptions { IsReadOnly = mount.ReadOnly } };
        bool usesWritebackCache = false;
        bool checksAcls = false;
        bool isSloppy = false;
        var unknown = new List<string>();
        foreach (string option in parsed.Unknown)
        {
            (string name, string value) = option.Split('=', 2) is [string left, string right] ? (left, right) : (option, "");
            switch (name)
            {
                case "node_memory":
                    volume = volume with { File = volume.File with { FrameMemoryBytes = ByteCount.Parse(option, value) } };
                    break;
                case "write_memory":
                    volume = volume with { WriteBufferBytes = (int)Math.Min(ByteCount.Parse(option, value), int.MaxValue) };
                    break;
                case "writeback_cache" when value.Length == 0:
                    usesWritebackCache = true;
                    break;
                case "acl" when value.Length == 0:
                    checksAcls = true;
                    break;
                case "noacl" when value.Length == 0:
                    checksAcls = false;
                    break;
                case "sloppy" when value.Length == 0:
                    // What mount -s asks for: options of other systems are passed over.
                    isSloppy = true;
                    break;
                default:
                    unknown.Add(option);
                    break;
            }
        }

        var fileSystem = new VolumeFileSystemOptions
        {
            KeepsAccessTimes = mount.AccessTime != AccessTimeMode.Never && !mount.ReadOnly,
            KeepsDirectoryAccessTimes = !mount.NoDirectoryAccessTime,
        };
        return new ServerOptions((parsed with { Unknown = isSloppy ? [] : unknown, Options = mount }).RefuseUnknown(), fileSystem, volume, usesWritebackCache, checksAcls);
    }
}
