using System.CommandLine;
using VfsBlock.Fuse;

namespace VfsBlock.Bench;

/// <summary>
/// The <c>server</c> command: our null server, in the process that <c>messages</c> starts. Speaks as null_server.c does:
/// "ready" once mounted, and an end with the mount removed on SIGTERM or when the parent ends.
/// </summary>
internal static class ServerCommand
{
    private static readonly Argument<string> _mountPoint = new("mountpoint") { Description = "An existing directory." };

    private static readonly Option<int> _threads = new("--threads") { Description = "Serving threads; 0 means one for each CPU." };

    private static readonly Option<bool> _free = new("--free") { Description = "Do not pin the threads." };

    public static Command Create()
    {
        var command = new Command("server", "Serves a null file system on a directory until SIGTERM; 'messages' starts it.")
        {
            _mountPoint, _threads, _free,
        };
        command.SetAction(result => Run(
            result.GetValue(_mountPoint)!, result.GetValue(_threads), pinsThreads: !result.GetValue(_free)));
        return command;
    }

    private static int Run(string mountPoint, int threadCount, bool pinsThreads)
    {
        using var interruption = new Interruption();
        _ = BareLibc.prctl(BareLibc.SetParentDeathSignal, BareLibc.SignalTerminate);
        using FuseSession session = FuseSession.Mount(
            new NullFileSystem(),
            mountPoint,
            new MountOptions { Source = "vfsblock-null", DefaultPermissions = true },
            new FuseSessionOptions { ThreadCount = threadCount, PinsThreads = pinsThreads });
        using CancellationTokenRegistration stop = interruption.Token.Register(session.Stop);
        Console.Out.WriteLine("ready");
        session.WaitForUnmount();
        return session.Failure is null ? 0 : throw new BenchException($"the session failed: {session.Failure}");
    }
}
