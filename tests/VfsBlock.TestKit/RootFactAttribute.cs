using System.Globalization;
using Xunit;

namespace VfsBlock.TestKit;

/// <summary>A test that mounts or otherwise needs an administrator; skipped, with that reason, for everybody else.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    private const int SysAdminCapability = 21;

    public RootFactAttribute()
    {
        if (!HasSysAdmin())
        {
            Skip = "needs root with CAP_SYS_ADMIN";
        }
    }

    // Root in a container is often root in name only, so ask for the capability and not for the user.
    private static bool HasSysAdmin()
    {
        const string Field = "CapEff:";
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Field, StringComparison.Ordinal));
        ulong capabilities = ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (capabilities >> SysAdminCapability & 1) == 1;
    }
}
