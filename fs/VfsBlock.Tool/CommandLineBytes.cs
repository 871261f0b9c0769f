namespace VfsBlock.Tool;

/// <summary>The words of the command line as the caller gave them: .NET has replaced what is no UTF-8 in them already.</summary>
internal static class CommandLineBytes
{
    private const string File = "/proc/self/cmdline";
    private const char Replacement = '\uFFFD';

    /// <summary>The same words, with every byte that .NET lost as <see cref="ByteText"/> carries it.</summary>
    public static string[] Restore(string[] arguments)
    {
        if (!arguments.Any(argument => argument.Contains(Replacement, StringComparison.Ordinal)))
        {
            return arguments;
        }

        // The program's name comes first, and whatever started the runtime may have put more before.
        string[] words = ByteText.Decode(System.IO.File.ReadAllBytes(File)).TrimEnd('\0').Split('\0');
        return words.Length > arguments.Length ? words[^arguments.Length..] : arguments;
    }
}
