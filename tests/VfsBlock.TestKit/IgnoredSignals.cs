using System.Globalization;

namespace VfsBlock.TestKit;

/// <summary>The signals that this process ignores, and that its children ignore with it, as nohup(1) arranges for SIGHUP.</summary>
public static class IgnoredSignals
{
    public static bool Contains(int number)
    {
        const string Field = "SigIgn:";
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Field, StringComparison.Ordinal));
        ulong mask = ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (mask >> (number - 1) & 1) == 1;
    }
}
