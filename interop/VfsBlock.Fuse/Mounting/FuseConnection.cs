using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <summary>
/// The kernel's controls of one FUSE connection: the fusectl file system, and the memory settings in /sys/class/bdi.
/// </summary>
/// <remarks>
/// Holds only numbers; any thread may call it. The numbers go to the next mount once this one is gone, so do not use it
/// then. Source: the kernel's Documentation/filesystems/fuse/fuse.rst.
/// </remarks>
public sealed class FuseConnection
{
    private const string ControlRoot = "/sys/fs/fuse/connections";
    private readonly DeviceNumber _device;

    /// <summary>The connection behind the mount whose files have this st_dev.</summary>
    public FuseConnection(DeviceNumber device) => _device = device;

    /// <summary>Its directory in fusectl. Missing if fusectl is not mounted.</summary>
    public string ControlDirectory => string.Create(CultureInfo.InvariantCulture, $"{ControlRoot}/{_device.ToKernel()}");

    /// <summary>
    /// Ends the connection: every waiting request fails, also one whose caller no signal can free, and the server reads
    /// ENODEV or ECONNABORTED. The mount stays, dead, until it is unmounted. The last resort against a hang.
    /// </summary>
    /// <returns>None; ENOENT if there is no such connection; EACCES if it is neither ours nor are we root.</returns>
    public Errno Abort()
    {
        Errno mounted = MountControl();
        return mounted != Errno.None ? mounted : ControlFile.Write($"{ControlDirectory}/abort", "1");
    }

    /// <summary>How many requests wait to be read or to be answered.</summary>
    /// <returns>None; ENOENT if there is no such connection; EACCES if it is neither ours nor are we root.</returns>
    public Errno TryReadWaiting(out int count)
    {
        count = 0;
        Errno error = MountControl();
        if (error != Errno.None)
        {
            return error;
        }

        error = ControlFile.Read($"{ControlDirectory}/waiting", out string text);
        return error != Errno.None || int.TryParse(text, CultureInfo.InvariantCulture, out count) ? error : Errno.EPROTO;
    }

    /// <summary>Writes the settings that are not null, all of them even if one fails. Do it after INIT was answered.</summary>
    /// <returns>None, or the first failure: EACCES unless root, ENOENT if the kernel does not have the setting.</returns>
    public Errno Apply(BdiSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Errno first = Errno.None;
        foreach ((string name, int? value) in new[]
        {
            ("read_ahead_kb", settings.ReadAheadKiB),
            ("max_ratio", settings.MaxRatioPercent),
            ("strict_limit", settings.StrictLimit is { } strict ? (strict ? 1 : 0) : null),
        })
        {
            Errno error = value is null
                ? Errno.None
                : ControlFile.Write($"{BdiDirectory}/{name}", value.Value.ToString(CultureInfo.InvariantCulture));
            first = first == Errno.None ? error : first;
        }

        return first;
    }

    /// <summary>The settings in force; what the kernel does not have is null.</summary>
    public BdiSettings ReadBdi() => new()
    {
        ReadAheadKiB = ReadNumber("read_ahead_kb"),
        MaxRatioPercent = ReadNumber("max_ratio"),
        StrictLimit = ReadNumber("strict_limit") is { } strict ? strict != 0 : null,
    };

    private string BdiDirectory => _device.Major == 0 ? $"/sys/class/bdi/{_device}" : $"/sys/class/bdi/{_device}-fuseblk";

    private int? ReadNumber(string name) =>
        ControlFile.Read($"{BdiDirectory}/{name}", out string text) == Errno.None
        && int.TryParse(text, CultureInfo.InvariantCulture, out int number) ? number : null;

    // Distributions mount fusectl at start-up; containers and small systems do not. It stays mounted: it is the system's.
    private static Errno MountControl()
    {
        if (MountTable.Find(ControlRoot) is not null)
        {
            return Errno.None;
        }

        Errno error = FileSystemContext.TryOpen("fusectl", out FileSystemContext? context);
        SafeFileHandle? mount = null;
        try
        {
            error = error != Errno.None ? error : context!.Create();
            error = error != Errno.None ? error : context!.Mount(0, out mount);
            return error != Errno.None ? error : FileSystemContext.Attach(mount!, ControlRoot);
        }
        finally
        {
            mount?.Dispose();
            context?.Dispose();
        }
    }
}
