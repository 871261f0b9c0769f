using System.CommandLine;
using VfsBlock.Fuse;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock mount DIR</c>.</summary>
internal static class MountCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "an existing directory" };
        var options = new Option<string[]>("-o", "--options")
        {
            Description = "mount options, separated by commas: those of mount(8) and fuse(4), writeback_cache, "
                + "and as in tmpfs(5) size=BYTES[k|m|g] and nr_inodes=COUNT",
            HelpName = "OPTIONS",
        };
        var foreground = new Option<bool>("--foreground", "-f") { Description = "serve in this process until unmounted" };
        var trace = new Option<string?>("--trace")
        {
            Description = "write a line for every request and reply, to FILE or the log",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var log = new Option<string?>("--log")
        {
            Description = "where a server in the background writes its log; by default under ~/.local/state/vfsblock",
            HelpName = "FILE",
        };
        var threads = new Option<int>("--threads") { Description = "serving threads; one per CPU unless told", HelpName = "N" };
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 1024)
            {
                result.AddError("--threads takes a number from 0 to 1024");
            }
        });

        var command = new Command("mount", "Mounts a file system in memory.") { directory, options, foreground, trace, log, threads };
        command.SetAction(parsed => (int)Run(new MountSettings
        {
            Directory = MountPath.Absolute(parsed.GetRequiredValue(directory)),
            Options = string.Join(',', parsed.GetValue(options) ?? []),
            Traces = parsed.GetResult(trace) is not null,
            TraceFile = parsed.GetValue(trace) is { } file ? Path.GetFullPath(file) : null,
            LogFile = parsed.GetValue(log) is { } path ? Path.GetFullPath(path) : null,
            ThreadCount = parsed.GetValue(threads),
        }, parsed.GetValue(foreground)));
        return command;
    }

    private static ExitCode Run(MountSettings settings, bool foreground)
    {
        try
        {
            return foreground ? Server.Run(settings) : BackgroundServer.Start(settings);
        }
        catch (FuseMountException exception)
        {
            return Complaint.Print(exception.Message, ExitCodes.For(exception.Error, settings.Directory));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Complaint.Print(exception.Message, ExitCode.Failed);
        }
    }
}
