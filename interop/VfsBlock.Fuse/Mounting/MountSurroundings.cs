using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>What <see cref="MountRequirements"/> looks at, so that tests can show it another machine.</summary>
internal sealed record MountSurroundings
{
    private const int SystemAdministration = 21;

    /// <summary>Why this user cannot open /dev/fuse, or None.</summary>
    public Errno DeviceError { get; init; } = ProbeDevice();

    /// <summary>What fusermount3 obeys.</summary>
    public string ConfigurationPath { get; init; } = "/etc/fuse.conf";

    /// <summary>Whether this process may mount by itself: it has CAP_SYS_ADMIN.</summary>
    public bool MayMount { get; init; } = HasCapability(SystemAdministration);

    /// <summary>Whether fusermount3 can be run.</summary>
    public bool HasFusermount { get; init; } = Fusermount.Find() is { } program && File.Exists(program.Path);

    private static bool HasCapability(int number) =>
        ulong.TryParse(ProcField.Read("/proc/self/status", "CapEff"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong set)
        && ((set >> number) & 1) != 0;

    private static Errno ProbeDevice()
    {
        Errno error = FuseDevice.Open(out SafeFileHandle? device);
        device?.Dispose();
        return error;
    }
}
