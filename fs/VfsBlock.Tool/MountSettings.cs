using System.Globalization;

namespace VfsBlock.Tool;

/// <summary>What the command line of <c>vfsblock mount</c> said; paths are absolute.</summary>
internal sealed record MountSettings
{
    /// <summary>The image to mount.</summary>
    public required string Image { get; init; }

    /// <summary>Where to mount.</summary>
    public required string Directory { get; init; }

    /// <summary>All <c>-o</c> strings, joined.</summary>
    public string Options { get; init; } = "";

    /// <summary>True if requests and replies are to be written to the log, unless there is a <see cref="TraceFile"/>.</summary>
    public bool TracesToLog { get; init; }

    /// <summary>Where requests and replies are to be written; null for nowhere, or the log.</summary>
    public string? TraceFile { get; init; }

    /// <summary>Where a background server's log goes; null for the usual place.</summary>
    public string? LogFile { get; init; }

    /// <summary>Serving threads; 0 for one per CPU.</summary>
    public int ThreadCount { get; init; }

    /// <summary>The command line that serves these settings in the foreground.</summary>
    public IEnumerable<string> ToForegroundArguments()
    {
        List<string> arguments = ["mount", Image, Directory, "--foreground", "--threads", ThreadCount.ToString(CultureInfo.InvariantCulture)];
        if (Options.Length > 0)
        {
            arguments.AddRange(["-o", Options]);
        }

        if (TraceFile is not null)
        {
            arguments.AddRange(["--trace-file", TraceFile]);
        }
        else if (TracesToLog)
        {
            arguments.Add("--trace");
        }

        return arguments;
    }
}
