using System.Globalization;

namespace VfsBlock.Bench;

/// <summary>What the process has in memory, in bytes.</summary>
/// <param name="OwnBytes">What is its own.</param>
/// <param name="MappedFileBytes">Pages of files, which the kernel takes back when it wants memory.</param>
internal readonly record struct ProcessMemory(long OwnBytes, long MappedFileBytes)
{
    /// <summary>Now, garbage collected.</summary>
    public static ProcessMemory Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new ProcessMemory(Read("RssAnon"), Read("RssFile"));
    }

    public static ProcessMemory operator -(ProcessMemory a, ProcessMemory b) => new(a.OwnBytes - b.OwnBytes, a.MappedFileBytes - b.MappedFileBytes);

    private static long Read(string name)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
    }
}
