using System.IO.Pipes;

namespace VfsBlock.Tool;

/// <summary>The way a server in the background tells the command that started it how the mount went.</summary>
internal static class ReadinessPipe
{
    /// <summary>The environment variable that names the pipe's descriptor to the server.</summary>
    public const string Variable = "VFSBLOCK_READINESS_PIPE";

    /// <summary>Tells, if anybody listens: an exit code and a line of text. Later calls tell nobody.</summary>
    public static void Tell(ExitCode code, string message)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } handle)
        {
            Environment.SetEnvironmentVariable(Variable, null);
            using var pipe = new AnonymousPipeClientStream(PipeDirection.Out, handle);
            using var writer = new StreamWriter(pipe);
            writer.Write($"{(int)code} {message}");
        }
    }
}
