using System.Globalization;

namespace VfsBlock.TestKit;

/// <summary>What this user can mount on this machine.</summary>
public static class MountSupport
{
    private const int SysAdminCapability = 21;

    /// <summary>Whether this process may call mount(2). Root in a container is often root in name only, so ask for the capability.</summary>
    public static bool MayMount { get; } = HasSysAdmin();

    /// <summary>Why no FUSE file system can be mounted here, or null if one can.</summary>
    public static string? Problem => DeviceProblem ?? (MayMount ? null : FusermountProblem);

    /// <summary>Why nothing can be mounted through fusermount3, or null if it can.</summary>
    public static string? FusermountProblem => DeviceProblem
        ?? (File.Exists("/usr/bin/fusermount3") || File.Exists("/bin/fusermount3")
            ? null
            : "fusermount3 is missing; as root: apt-get install -y fuse3");

    private static string? DeviceProblem { get; } = FindDeviceProblem();

    // fusermount3 opens the device as the user who runs it, so a device of root's alone keeps everybody else from mounting.
    private static string? FindDeviceProblem()
    {
        try
        {
            using FileStream device = File.Open("/dev/fuse", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return "this user may not open /dev/fuse; as root: chmod 666 /dev/fuse";
        }
        catch (IOException)
        {
            return "/dev/fuse is missing; as root: modprobe fuse";
        }
    }

    private static bool HasSysAdmin()
    {
        const string Field = "CapEff:";
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Field, StringComparison.Ordinal));
        ulong capabilities = ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (capabilities >> SysAdminCapability & 1) == 1;
    }
}
