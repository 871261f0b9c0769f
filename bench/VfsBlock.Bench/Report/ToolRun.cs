using System.ComponentModel;
using System.Diagnostics;

namespace VfsBlock.Bench;

/// <summary>One run of another program to its end: exit code and all it printed.</summary>
/// <param name="ExitCode">0 if it went well.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal readonly record struct ToolRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs <paramref name="program"/> and waits for it; null if there is no such program.</summary>
    public static ToolRun? Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new ToolRun(process.ExitCode, output, errors.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
