using System.CommandLine;
using System.CommandLine.Invocation;

namespace VfsBlock.Tool;

/// <summary>The usual help, and what a <see cref="TaughtCommand"/> has to say behind it.</summary>
internal sealed class TeachingHelp(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is TaughtCommand command)
        {
            Console.WriteLine(command.More);
        }

        return code;
    }
}
