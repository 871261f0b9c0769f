using System.Diagnostics;

namespace VfsBlock.TestKit;

/// <summary>One run of a program to its end: exit code and what it printed. Standard input is empty.</summary>
public readonly record struct ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs <paramref name="program"/> in the C locale and waits for it; null if there is no such program.</summary>
    public static ProgramRun? Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new ProgramRun(process.ExitCode, output, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
