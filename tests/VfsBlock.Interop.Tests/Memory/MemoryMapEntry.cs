using System.Globalization;

namespace VfsBlock.Interop.Tests;

/// <summary>What /proc/self/smaps says of the mapping that holds an address.</summary>
internal sealed record MemoryMapEntry(long ResidentBytes, long LockedBytes, IReadOnlyList<string> Flags)
{
    public static MemoryMapEntry Of(nint address)
    {
        bool found = false;
        long residentBytes = 0;
        long lockedBytes = 0;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':'))
            {
                string[] range = words[0].Split('-');
                found = nint.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) <= address
                    && address < nint.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
            else if (found)
            {
                switch (words[0])
                {
                    case "Rss:":
                        residentBytes = long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
                        break;
                    case "Locked:":
                        lockedBytes = long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
                        break;
                    case "VmFlags:":
                        return new MemoryMapEntry(residentBytes, lockedBytes, words[1..]);
                }
            }
        }

        throw new InvalidOperationException($"no mapping holds address {address:x}");
    }
}
