using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>Runs what a command does, and turns whatever ends it early into a message and an exit code.</summary>
internal static class CommandRun
{
    /// <summary>Runs it.</summary>
    public static int Guard(Func<ExitCode> action)
    {
        try
        {
            return (int)action();
        }
        catch (ToolException exception)
        {
            return (int)(exception.Message.Length == 0 ? exception.Code : Complaint.Print(exception.Message, exception.Code));
        }
        catch (StorageException exception)
        {
            return (int)Complaint.Print(exception.Message, ExitCodes.For(exception.Kind));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (int)Complaint.Print(exception.Message, ExitCode.Failed);
        }
    }
}
