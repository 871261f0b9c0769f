using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>A mount served by the <c>vfsblock</c> command in the foreground of a child process.</summary>
internal sealed class ToolMount : IDisposable
{
    /// <summary>Start-up on a busy machine may take long; this is for a server that hangs.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly TempDirectory _directory = new();
    private readonly TempDirectory _images = new();
    private readonly StringBuilder _log = new();
    private readonly ManualResetEventSlim _mounted = new();
    private readonly Thread _reader;

    /// <summary>Mounts and waits until the server says so.</summary>
    public ToolMount(params string[] arguments)
    {
        Format(Image);
        Server = Process.Start(new ProcessStartInfo(Program, ["mount", Image, Root, "--foreground", .. arguments]) { RedirectStandardError = true })!;
        _reader = new Thread(ReadLog) { IsBackground = true };
        _reader.Start();
        if (!_mounted.Wait(_patience) || Server.HasExited)
        {
            Dispose();
            Assert.Fail($"the server has not mounted:\n{Log}");
        }
    }

    /// <summary>The command, which the build puts beside the tests.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "vfsblock");

    /// <summary>The process that serves.</summary>
    public Process Server { get; }

    /// <summary>What is mounted.</summary>
    public string Image => _images.File("image");

    /// <summary>The root of the mount.</summary>
    public string Root => _directory.Path;

    /// <summary>True while something is mounted there.</summary>
    public bool IsMounted => MountTable.Find(Root) is not null;

    /// <summary>What the server has logged.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>A path in the mount.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Makes an image by the command.</summary>
    /// <returns>Its path.</returns>
    public static string Format(string image)
    {
        Shell.Run(Program, "format", image);
        return image;
    }

    /// <summary>Unmounts by the command; while some other program looks into the mount, it is tried again.</summary>
    public static void Unmount(string directory)
    {
        ProgramRun run = default;
        SpinWait.SpinUntil(() => (run = Shell.TryRun(Program, "unmount", directory)).ExitCode != 5, _patience);
        Assert.True(run.ExitCode == 0, run.Errors);
    }

    /// <summary>Waits for the server's end.</summary>
    public int WaitForExit()
    {
        Assert.True(Server.WaitForExit(_patience), $"the server does not end:\n{Log}");
        return Server.ExitCode;
    }

    public void Dispose()
    {
        if (!Server.HasExited)
        {
            _ = Mono.Unix.Native.Syscall.kill(Server.Id, Mono.Unix.Native.Signum.SIGTERM);
            if (!Server.WaitForExit(_patience))
            {
                Server.Kill();
                Server.WaitForExit();
            }
        }

        _reader.Join();
        Server.Dispose();
        StaleMount.Remove(Root, NullLogger.Instance);
        _directory.Dispose();
        _images.Dispose();
        _mounted.Dispose();
    }

    private void ReadLog()
    {
        while (Server.StandardError.ReadLine() is { } line)
        {
            lock (_log)
            {
                _log.AppendLine(line);
            }

            if (line.Contains(" mounted: ", StringComparison.Ordinal))
            {
                _mounted.Set();
            }
        }

        _mounted.Set();
    }
}
