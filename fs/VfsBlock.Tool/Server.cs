using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using VfsBlock.FileSystem;
using VfsBlock.Fuse;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>Mounts an image and serves it in this process until it is unmounted or a signal ends it.</summary>
internal static class Server
{
    /// <summary>Serves; returns when the mount is gone.</summary>
    public static ExitCode Run(MountSettings settings)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            }));
        ILogger logger = loggers.CreateLogger("vfsblock");
        try
        {
            ExitCode code = Serve(settings, logger);
            if (code == ExitCode.Success)
            {
                logger.LogInformation("unmounted {Directory}, and closed {Image}", settings.Directory, settings.Image);
            }

            return code;
        }
        catch (FuseMountException exception)
        {
            logger.LogError("{Message}", exception.Message);
            ReadinessPipe.Tell(ExitCodes.For(exception.Error, settings.Directory), exception.Message);
            throw;
        }
        catch (StorageException exception)
        {
            logger.LogError("{Message}", exception.Message);
            ReadinessPipe.Tell(ExitCodes.For(exception.Kind), exception.Message);
            throw;
        }
    }

    private static ExitCode Serve(MountSettings settings, ILogger logger)
    {
        ServerOptions options = ServerOptions.Parse(settings.Image, settings.Options);
        using TextWriter? trace = OpenTrace(settings);
        using Volume volume = Volume.Open(settings.Image, WithLog(options.Volume, logger));
        using var fileSystem = new VolumeFileSystem(volume, options.FileSystem);
        var sessionOptions = new FuseSessionOptions
        {
            Logger = logger,
            Trace = trace,
            ThreadCount = settings.ThreadCount,
            WantedFlags = FuseSessionOptions.DefaultFlags
                | (options.UsesWritebackCache ? FuseInitFlags.WritebackCache : 0)
                | (options.ChecksAcls ? FuseInitFlags.PosixAcl | FuseInitFlags.DontMask : 0),
        };
        using var over = new ManualResetEventSlim();
        using var signals = new SignalGuard(signal =>
        {
            logger.LogInformation("{Signal}: unmounting {Directory}", signal, settings.Directory);
            over.Set();
        });
        using FuseSession session = FuseSession.Mount(fileSystem, settings.Directory, options.Mount, sessionOptions);
        var watcher = new Thread(() =>
        {
            session.WaitForUnmount();
            over.Set();
        })
        { IsBackground = true, Name = "unmount-watcher" };
        watcher.Start();

        string mounted = $"mounted: {settings.Image} on {settings.Directory}";
        logger.LogInformation("{Message}", mounted);
        ReadinessPipe.Tell(ExitCode.Success, mounted);
        over.Wait();
        session.Dispose();
        return session.Failure is { } failure ? Complaint.Print(failure, ExitCode.Failed) : ExitCode.Success;
    }

    private static VolumeOptions WithLog(VolumeOptions options, ILogger logger) => options with
    {
        File = options.File with { Log = message => logger.LogError("{Message}", message) },
        DamageFound = inode => logger.LogError("{Damage} is damaged: reading it answers EIO. Unmount, and run vfsblock check.", inode),
    };

    private static TextWriter? OpenTrace(MountSettings settings) =>
        settings.TraceFile is not null ? new StreamWriter(settings.TraceFile, append: true) { AutoFlush = true }
        : settings.TracesToLog ? Console.Error
        : null;
}
