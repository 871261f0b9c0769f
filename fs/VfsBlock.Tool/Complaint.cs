namespace VfsBlock.Tool;

/// <summary>Messages to the person at the terminal.</summary>
internal static class Complaint
{
    /// <summary>Says what went wrong on standard error.</summary>
    /// <returns><paramref name="code"/>.</returns>
    public static ExitCode Print(string message, ExitCode code)
    {
        Console.Error.WriteLine($"vfsblock: {message}");
        return code;
    }
}
