using System.Globalization;
using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.MemoryFileSystem;
using Errno = VfsBlock.Interop.Errno;

namespace VfsBlock.Tool;

/// <summary>The options of a mount, sorted out: for the kernel, for the session and for the file system.</summary>
/// <param name="Mount">How to mount.</param>
/// <param name="FileSystem">What to mount.</param>
/// <param name="UsesWritebackCache">Whether the kernel may hold back writes.</param>
internal sealed record SampleOptions(MountOptions Mount, MemoryFileSystemOptions FileSystem, bool UsesWritebackCache)
{
    /// <summary>What <see cref="UnmountCommand"/> knows our mounts by, whatever the command line says.</summary>
    public const string Subtype = "vfsblock";

    /// <summary>Reads a <c>-o</c> string. The kernel checks permissions, and everybody may enter what root mounts.</summary>
    /// <exception cref="FuseMountException">An option is unknown, or its value makes no sense.</exception>
    public static SampleOptions Parse(string text)
    {
        ParsedMountOptions parsed = MountOptionParser.Parse($"fsname=memory,default_permissions,{text}");
        MountOptions mount = parsed.Options with
        {
            Subtype = Subtype,
            AllowOther = parsed.Options.AllowOther || Environment.IsPrivilegedProcess,
        };
        var fileSystem = new MemoryFileSystemOptions
        {
            KeepsAccessTimes = mount.AccessTime != AccessTimeMode.Never,
            RootUserId = Syscall.geteuid(),
            RootGroupId = Syscall.getegid(),
        };
        bool usesWritebackCache = false;
        var unknown = new List<string>();
        foreach (string option in parsed.Unknown)
        {
            (string name, string value) = option.Split('=', 2) is [string left, string right] ? (left, right) : (option, "");
            switch (name)
            {
                case "size":
                    fileSystem = fileSystem with { SizeLimitBytes = ReadNumber(option, value) };
                    break;
                case "nr_inodes":
                    fileSystem = fileSystem with { NodeLimit = ReadNumber(option, value) };
                    break;
                case "writeback_cache" when value.Length == 0:
                    usesWritebackCache = true;
                    break;
                default:
                    unknown.Add(option);
                    break;
            }
        }

        return new SampleOptions((parsed with { Unknown = unknown, Options = mount }).RefuseUnknown(), fileSystem, usesWritebackCache);
    }

    /// <summary>A number with an optional suffix k, m or g, for 1024 and its powers.</summary>
    private static long ReadNumber(string option, string value)
    {
        int shift = value.Length == 0 ? 0 : char.ToLowerInvariant(value[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        string digits = shift == 0 ? value : value[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number > 0 && number <= long.MaxValue >> shift
            ? number << shift
            : throw new FuseMountException($"'{option}' is no number above 0 with an optional k, m or g behind it", Errno.EINVAL);
    }
}
