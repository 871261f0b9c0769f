using System.CommandLine;
using VfsBlock.Fuse;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock mount IMAGE DIR</c>.</summary>
internal static class MountCommand
{
    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "a file that 'vfsblock format' made" };
        var directory = new Argument<string>("DIR") { Description = "an existing directory" };
        var options = new Option<string[]>("-o", "--options")
        {
            Description = "mount options, separated by commas: those of mount(8) and fuse(4); writeback_cache; acl; "
                + "node_memory=BYTES[k|m|g] and write_memory=BYTES[k|m|g] bound the memory for names and attributes and for data",
            HelpName = "OPTIONS",
        };

        // Arity Zero: the word behind a switch is never its value, so DIR may follow one whatever its name.
        var foreground = new Option<bool>("--foreground", "-f")
        {
            Description = "serve in this process until unmounted",
            Arity = ArgumentArity.Zero,
        };
        var trace = new Option<bool>("--trace")
        {
            Description = "write a line for every request and reply to the log",
            Arity = ArgumentArity.Zero,
        };
        var traceFile = new Option<string?>("--trace-file")
        {
            Description = "write a line for every request and reply to FILE",
            HelpName = "FILE",
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

        var command = new Command("mount", "Mounts an image on a directory.")
        {
            image, directory, options, foreground, trace, traceFile, log, threads,
        };
        command.SetAction(parsed => (int)Run(new MountSettings
        {
            Image = Path.GetFullPath(parsed.GetRequiredValue(image)),
            Directory = MountPath.Absolute(parsed.GetRequiredValue(directory)),
            Options = string.Join(',', parsed.GetValue(options) ?? []),
            TracesToLog = parsed.GetValue(trace),
            TraceFile = parsed.GetValue(traceFile) is { } file ? Path.GetFullPath(file) : null,
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
        catch (StorageException exception)
        {
            return Complaint.Print(exception.Message, ExitCodes.For(exception.Kind));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Complaint.Print(exception.Message, ExitCode.Failed);
        }
    }
}
