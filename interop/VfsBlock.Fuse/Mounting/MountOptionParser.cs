using System.Globalization;
using System.Text;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>
/// Reads <c>-o a,b=c</c> as mount(8) passes it to a helper: separated by commas; a backslash takes the next character
/// as it is. Where two options contradict each other the later one wins, so that a command line can overrule
/// /etc/fstab. Stateless.
/// </summary>
public static class MountOptionParser
{
    // Kept alike by mount(8) and the system's start-up scripts; nothing here concerns a mounted FUSE file system.
    private static readonly HashSet<string> _ignored =
    [
        "auto", "noauto", "user", "nouser", "users", "nousers", "group", "nogroup", "owner", "noowner", "nofail", "_netdev",
        "defaults", "nonempty", "lazytime", "nolazytime", "silent", "loud", "iversion", "noiversion", "mand", "nomand",
    ];

    // The second word is the choice that an option makes: two options of one choice contradict each other.
    private static readonly Dictionary<string, (string Choice, Func<MountOptions, MountOptions> Apply)> _flags = new()
    {
        ["ro"] = ("write", o => o with { ReadOnly = true }),
        ["rw"] = ("write", o => o with { ReadOnly = false }),
        ["suid"] = ("suid", o => o with { AllowSetUserId = true }),
        ["nosuid"] = ("suid", o => o with { AllowSetUserId = false }),
        ["dev"] = ("dev", o => o with { AllowDevices = true }),
        ["nodev"] = ("dev", o => o with { AllowDevices = false }),
        ["exec"] = ("exec", o => o with { AllowExecution = true }),
        ["noexec"] = ("exec", o => o with { AllowExecution = false }),
        ["noatime"] = ("atime", o => o with { AccessTime = AccessTimeMode.Never }),
        ["atime"] = ("atime", o => o with { AccessTime = AccessTimeMode.Relative }),
        ["relatime"] = ("atime", o => o with { AccessTime = AccessTimeMode.Relative }),
        ["norelatime"] = ("atime", o => o with { AccessTime = AccessTimeMode.Strict }),
        ["strictatime"] = ("atime", o => o with { AccessTime = AccessTimeMode.Strict }),
        ["nostrictatime"] = ("atime", o => o with { AccessTime = AccessTimeMode.Relative }),
        ["diratime"] = ("diratime", o => o with { NoDirectoryAccessTime = false }),
        ["nodiratime"] = ("diratime", o => o with { NoDirectoryAccessTime = true }),
        ["sync"] = ("sync", o => o with { Synchronous = true }),
        ["async"] = ("sync", o => o with { Synchronous = false }),
        ["dirsync"] = ("dirsync", o => o with { DirectorySynchronous = true }),
        ["allow_other"] = ("allow_other", o => o with { AllowOther = true }),
        ["default_permissions"] = ("default_permissions", o => o with { DefaultPermissions = true }),
        ["auto_unmount"] = ("auto_unmount", o => o with { AutoUnmount = true }),
        ["blkdev"] = ("blkdev", o => o with { BlockDevice = true }),
    };

    private static readonly Dictionary<string, (string Choice, Func<MountOptions, string, MountOptions> Apply)> _values = new()
    {
        ["fsname"] = ("source", (o, value) => o with { Source = value }),
        ["source"] = ("source", (o, value) => o with { Source = value }),
        ["subtype"] = ("subtype", (o, value) => o with { Subtype = value }),
        ["max_read"] = ("max_read", (o, value) => o with { MaxReadBytes = Bytes("max_read", value, 4096) }),
        ["blksize"] = ("blksize", (o, value) => o with { BlockSizeBytes = Bytes("blksize", value, 512) }),
    };

    private static readonly Dictionary<string, string> _refused = new()
    {
        ["fd"] = "it is set by the mount itself",
        ["rootmode"] = "it is set by the mount itself",
        ["user_id"] = "it is set by the mount itself",
        ["group_id"] = "it is set by the mount itself",
        ["allow_root"] = "the kernel has no such rule; use allow_other with default_permissions",
        ["remount"] = "use mount(8) without this helper: mount -i -o remount,...",
    };

    /// <summary>Reads an option string; null and empty are no options.</summary>
    /// <exception cref="FuseMountException">A value is missing or no number, or an option cannot be given from outside.</exception>
    public static ParsedMountOptions Parse(string? text)
    {
        var options = new MountOptions();
        var unknown = new List<string>();
        var overridden = new List<string>();
        var chosen = new Dictionary<string, string>();
        foreach (string option in Split(text ?? ""))
        {
            (string name, string? value) = option.Split('=', 2) is [string left, string right] ? (left, right) : (option, null);
            string choice;
            if (_refused.TryGetValue(name, out string? reason))
            {
                throw Invalid($"the mount option '{name}' cannot be given: {reason}");
            }
            else if (value is null && _flags.TryGetValue(name, out var flag))
            {
                (choice, options) = (flag.Choice, flag.Apply(options));
            }
            else if (_values.TryGetValue(name, out var valued))
            {
                string given = string.IsNullOrEmpty(value) ? throw Invalid($"the mount option '{name}=' needs a value") : value;
                (choice, options) = (valued.Choice, valued.Apply(options, given));
            }
            else
            {
                if (!IsIgnored(name, value))
                {
                    unknown.Add(option);
                }

                continue;
            }

            if (chosen.TryGetValue(choice, out string? earlier) && earlier != option)
            {
                overridden.Add($"'{option}' overrides the earlier '{earlier}'");
            }

            chosen[choice] = option;
        }

        return new ParsedMountOptions(options, unknown, overridden);
    }

    private static IEnumerable<string> Split(string text)
    {
        var option = new StringBuilder();
        for (int index = 0; index < text.Length; index++)
        {
            char letter = text[index];
            if (letter == ',')
            {
                if (option.Length > 0)
                {
                    yield return option.ToString();
                }

                option.Clear();
                continue;
            }

            if (letter == '\\')
            {
                index++;
                letter = index < text.Length ? text[index] : throw Invalid($"the mount options '{text}' end in a lone backslash");
            }

            option.Append(letter);
        }

        if (option.Length > 0)
        {
            yield return option.ToString();
        }
    }

    private static bool IsIgnored(string name, string? value) =>
        name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) || (value is null ? _ignored.Contains(name) : name == "comment");

    private static uint Bytes(string name, string value, uint fewest) =>
        uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint bytes) && bytes >= fewest
            ? bytes
            : throw Invalid($"the mount option '{name}={value}' is not a number of bytes from {fewest} on");

    private static FuseMountException Invalid(string message) => new(message, Errno.EINVAL);
}
