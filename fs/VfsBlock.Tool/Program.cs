using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

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
          9  done, but some entries were left out; a message names each
        130  interrupted by a signal; the image is sound

        vfsblock COMMAND --help tells more, with examples; vfsblock(1) tells all.
        """;

    public static int Main(string[] arguments)
    {
        var root = new RootCommand(Description)
        {
            FormatCommand.Create(), MountCommand.Create(), UnmountCommand.Create(), CheckCommand.Create(), InfoCommand.Create(),
            LsCommand.Create(), CatCommand.Create(), CpCommand.Create(), ImportCommand.Create(), ExportCommand.Create(),
            CompletionCommand.Create(),
        };

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new TeachingHelp((SynchronousCommandLineAction)help.Action!);

        // A name may begin with '@': no word of the command line names a file of more words.
        ParseResult parsed = root.Parse(CommandLineBytes.Restore(arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });
        int exitCode = parsed.Invoke();
        return parsed.Errors.Count > 0 ? (int)ExitCode.Usage : exitCode;
    }
}
