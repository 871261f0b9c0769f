using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;
using Mono.Unix.Native;
using VfsBlock.Fuse;

namespace VfsBlock.Tool;

/// <summary>
/// Starts this program once more as a server in the background: in a session of its own, its input empty, its output in
/// a log file. There is no fork of a running runtime: a shell prepares the descriptors and becomes the server.
/// </summary>
internal static class BackgroundServer
{
    private const string LogVariable = "VFSBLOCK_LOG";
    private const string BecomeServer = $"""exec setsid "$0" "$@" </dev/null >>"${LogVariable}" 2>&1""";

    // A file's name may have 255 bytes, and this one gets a hash and an ending.
    private const int LongestNameBytes = 200;

    /// <summary>Starts a server and returns when its mount answers or has failed.</summary>
    public static ExitCode Start(MountSettings settings)
    {
        // Before anything is started, so that a wrong option is told at once.
        ServerOptions options = ServerOptions.Parse(settings.Image, settings.Options);

        // The server finds these too, and tells its log, where nobody looks whose mount succeeded.
        MountProblem[] warnings = [.. MountRequirements.Check(settings.Directory, options.Mount, MountMethod.Automatic).Where(problem => !problem.IsFatal)];
        string log = settings.LogFile ?? DefaultLogFile(settings.Directory);
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        string program = Path.Combine(AppContext.BaseDirectory, "vfsblock");

        // Its working directory must not lie in a mount, least of all in its own.
        var start = new ProcessStartInfo("/bin/sh", ["-c", BecomeServer, program, .. settings.ToForegroundArguments()])
        {
            WorkingDirectory = "/",
        };
        start.Environment[LogVariable] = log;
        start.Environment[ReadinessPipe.Variable] = pipe.GetClientHandleAsString();
        using Process server = Process.Start(start)!;
        pipe.DisposeLocalCopyOfClientHandle();
        using var reader = new StreamReader(pipe);
        string answer = reader.ReadToEnd();
        int space = answer.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !int.TryParse(answer.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            server.WaitForExit();
            return Complaint.Print(
                $"the server ended with exit code {server.ExitCode} before it had mounted {settings.Directory}; its log: {log}",
                ExitCode.Failed);
        }

        string message = answer[(space + 1)..];
        if (code != (int)ExitCode.Success)
        {
            return Complaint.Print(message, (ExitCode)code);
        }

        foreach (MountProblem warning in warnings)
        {
            Complaint.Print($"warning: mounting on {settings.Directory}: {warning.Message}", ExitCode.Success);
        }

        Console.WriteLine(message);
        Console.WriteLine($"log:     {log}");
        return ExitCode.Success;
    }

    /// <summary>A file named after the mount point, where programs keep their state (XDG base directories).</summary>
    private static string DefaultLogFile(string directory)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } given ? given
            : home.Length > 0 && Directory.Exists(home) ? Path.Combine(home, ".local", "state")
            : Path.Combine(Path.GetTempPath(), $"vfsblock-{Syscall.geteuid()}");
        string name = directory.Trim('/').Replace('/', '-');
        if (Encoding.UTF8.GetByteCount(name) > LongestNameBytes)
        {
            // The end says more than the start, and the hash tells apart what ends alike.
            string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
            name = $"{hash}-{name[^Math.Min(name.Length, LongestNameBytes / 4)..]}";
        }

        return Path.Combine(state, "vfsblock", $"{(name.Length == 0 ? "root" : name)}.log");
    }
}
