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

    /// <summary>A word of the command line for a message: what cannot be shown becomes a question mark.</summary>
    public static string Show(string word) => ByteText.Show(ByteText.Encode(word));
}
