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

    /// <summary>The load average over the last minute.</summary>
    public static double LoadOfLastMinute => double.Parse(LoadAverage.Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>The commit that was checked out, with a mark if the tree differs from it.</summary>
    public static string Commit => ToolRun.Start("git", "-C", AppContext.BaseDirectory, "describe", "--always", "--dirty", "--exclude=*") is { ExitCode: 0 } run
        ? run.Output.Trim()
        : "unknown (no git checkout)";
}
