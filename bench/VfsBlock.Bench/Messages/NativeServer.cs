namespace VfsBlock.Bench;

/// <summary>Compiles bench/native/null_server.c against the system's libfuse3 into a directory of its own.</summary>
/// <remarks>Owns the directory; dispose removes it, so dispose after the servers have ended.</remarks>
internal sealed class NativeServer : IDisposable
{
    private const string Install = "as root: apt-get install -y gcc libc6-dev pkg-config libfuse3-dev fuse3";

    private readonly DirectoryInfo _directory;

    public NativeServer()
    {
        string flags = Ask("pkg-config", "--cflags", "--libs", "fuse3");
        LibfuseVersion = Ask("pkg-config", "--modversion", "fuse3");
        _directory = Directory.CreateTempSubdirectory("vfsblock-bench-native-");
        Program = Path.Combine(_directory.FullName, "null_server");
        string source = Path.Combine(AppContext.BaseDirectory, "native", "null_server.c");
        try
        {
            Ask("gcc", ["-O2", "-Wall", "-Wextra", "-o", Program, source, .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        }
        catch (BenchException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The executable.</summary>
    public string Program { get; }

    public string LibfuseVersion { get; }

    public void Dispose() => _directory.Delete(recursive: true);

    private static string Ask(string program, params string[] arguments) => ToolRun.Start(program, arguments) switch
    {
        null => throw new BenchException($"{program} is missing, and without it there is no libfuse to compare with; {Install}"),
        { ExitCode: not 0 } run => throw new BenchException($"{program} failed; {Install}\n{run.Errors}"),
        { } run => run.Output.Trim(),
    };
}
