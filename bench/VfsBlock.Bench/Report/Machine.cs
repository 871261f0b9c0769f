using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace VfsBlock.Bench;

/// <summary>What a figure means nothing without: the machine, its load, the commit.</summary>
internal static class Machine
{
    /// <summary>The processor's name as /proc/cpuinfo gives it.</summary>
    public static string CpuModel => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";

    /// <summary>Name and version of the kernel.</summary>
    public static string Kernel => $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}";

    /// <summary>The runtime, and whether the bench was compiled with optimisation.</summary>
    public static string Runtime =>
        $"{RuntimeInformation.FrameworkDescription}, {Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration} build";

    /// <summary>Load averages over 1, 5 and 15 minutes.</summary>
    public static string LoadAverage => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);

    /// <summary>How much of all CPUs is in use while this thread sleeps for a moment, from 0 to 1. A load average would count the build before the bench too.</summary>
    public static double MeasureBusyShare()
    {
        (long idleBefore, long allBefore) = ProcessorTicks();
        Thread.Sleep(500);
        (long idle, long all) = ProcessorTicks();
        return all == allBefore ? 0 : 1 - ((double)(idle - idleBefore) / (all - allBefore));
    }

    // The first line of /proc/stat: user nice system idle iowait irq softirq steal ...; what guests take is in user already.
    private static (long Idle, long All) ProcessorTicks()
    {
        const int idleField = 3;
        const int waitField = 4;
        const int fieldCount = 8;
        long[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(fieldCount).Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
        return (ticks[idleField] + ticks[waitField], ticks.Sum());
    }

    /// <summary>The commit that was checked out, with a mark if the tree differs from it.</summary>
    public static string Commit => ToolRun.Start("git", "-C", AppContext.BaseDirectory, "describe", "--always", "--dirty", "--exclude=*") is { ExitCode: 0 } run
        ? run.Output.Trim()
        : "unknown (no git checkout)";
}
