using System.CommandLine;
using VfsBlock.Bench;
using VfsBlock.Fuse;
using VfsBlock.Storage;

var root = new RootCommand("What VfsBlock's system calls, FUSE messages and volumes cost, each beside the plain alternative.")
{
    InteropCommand.Create(),
    MessagesCommand.Create(),
    ServerCommand.Create(),
    StoreCommand.Create(),
};

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception failure) when (failure is BenchException or FuseMountException or StorageException)
{
    Console.Error.WriteLine($"bench: {failure.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("bench: interrupted; servers ended, mounts and files removed");
    return 130;
}
