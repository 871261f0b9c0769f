using System.CommandLine;
using VfsBlock.Bench;
using VfsBlock.Fuse;

var root = new RootCommand("What VfsBlock's system calls and FUSE messages cost, each beside the plain alternative.")
{
    InteropCommand.Create(),
    MessagesCommand.Create(),
    ServerCommand.Create(),
};

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception failure) when (failure is BenchException or FuseMountException)
{
    Console.Error.WriteLine($"bench: {failure.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("bench: interrupted; servers ended, mounts removed");
    return 130;
}
