using System.Diagnostics;
using System.Globalization;
using VfsBlock.Fuse;

namespace VfsBlock.Bench;

/// <summary>
/// A null server in a process of its own, and its mount. Owns both, and the directory: dispose ends the process, sees
/// that the mount is gone and removes the directory. It starts from the main thread, since the server dies with the
/// thread that made it.
/// </summary>
internal sealed class NullServer : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly string _mountPoint;
    private readonly Process _process;

    /// <summary>Starts the server and returns once its file system is mounted.</summary>
    public NullServer(ServerRecipe recipe)
    {
        Recipe = recipe;
        _mountPoint = Directory.CreateTempSubdirectory("vfsblock-bench-").FullName;
        _process = Process.Start(new ProcessStartInfo(recipe.Program, recipe.Arguments(_mountPoint)) { RedirectStandardOutput = true })!;
        string? said = _process.StandardOutput.ReadLine();
        if (said != "ready")
        {
            Dispose();
            throw new BenchException($"{recipe.Name}: the server did not mount; its message is above (it printed '{said}')");
        }
    }

    public ServerRecipe Recipe { get; }

    /// <summary>The one file.</summary>
    public string FilePath => Path.Combine(_mountPoint, "file");

    /// <summary>Binds every thread that the server has now to CPU 0; those they start later inherit it.</summary>
    public void PinToFirstProcessor()
    {
        foreach (string task in Directory.EnumerateDirectories($"/proc/{_process.Id}/task"))
        {
            FirstProcessor.Bind(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Ends the process at once; whoever waits for an answer of it gets an error.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _ = BareLibc.kill(_process.Id, BareLibc.SignalTerminate);
            if (!_process.WaitForExit(_patience))
            {
                Console.Error.WriteLine($"bench: {Recipe.Name} ignored SIGTERM for {_patience.TotalSeconds} s and is killed");
                Kill();
                _process.WaitForExit();
            }
        }

        _process.Dispose();
        if (MountTable.Find(_mountPoint) is not null && ToolRun.Start("umount", "-l", _mountPoint) is not { ExitCode: 0 })
        {
            ToolRun.Start("fusermount3", "-u", "-z", "-q", "--", _mountPoint);
        }

        try
        {
            // Never recursively: if the mount were still there, that would walk into it.
            Directory.Delete(_mountPoint);
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine($"bench: {exception.Message}; see what holds it (fuser -vm), then: umount -l, rmdir");
        }
    }
}
