using System.CommandLine;

namespace VfsBlock.Tool;

/// <summary><c>vfsblock completion SHELL</c>.</summary>
internal static class CompletionCommand
{
    private const string Resource = "vfsblock.bash";

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash" };
        shell.AcceptOnlyFromAmong("bash");
        var command = new TaughtCommand("completion", "Prints a script that completes commands and options in a shell.", """
            Example, for ~/.bashrc:
              eval "$(vfsblock completion bash)"
            """)
        {
            shell,
        };
        command.SetAction(_ =>
        {
            using Stream script = typeof(CompletionCommand).Assembly.GetManifestResourceStream(Resource)!;
            using var reader = new StreamReader(script);
            Console.Write(reader.ReadToEnd());
            return (int)ExitCode.Success;
        });
        return command;
    }
}
