namespace VfsBlock.Tool;

/// <summary>A command cannot go on. The message names the thing, the cause and, where there is one, the next step.</summary>
internal sealed class ToolException(string message, ExitCode code) : Exception(message)
{
    /// <summary>How the command ends.</summary>
    public ExitCode Code { get; } = code;
}
