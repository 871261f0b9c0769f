using System.CommandLine;

namespace VfsBlock.Tool;

/// <summary>The <c>vfsblock</c> command.</summary>
internal static class Program
{
    private const string Description = """
        A POSIX file system in one file, mounted through FUSE.

        Exit codes:
          0  done
          1  failed; the message says why
          2  the command line makes no sense
          3  this machine lacks /dev/fuse, or fusermount3 for anybody but root
          4  the directory cannot be mounted on
          5  the mount is in use and was not unmounted
          6  nothing of ours is mounted there
          7  the image cannot be used: absent, no image, in use, damaged, too new
          8  a check found something wrong
        """;

    public static int Main(string[] arguments)
    {
        var root = new RootCommand(Description) { FormatCommand.Create(), CheckCommand.Create(), MountCommand.Create(), UnmountCommand.Create() };
        ParseResult parsed = root.Parse(arguments);
        int exitCode = parsed.Invoke();
        return parsed.Errors.Count > 0 ? (int)ExitCode.Usage : exitCode;
    }
}
