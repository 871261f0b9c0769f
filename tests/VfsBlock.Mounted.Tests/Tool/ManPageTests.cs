using System.Text.RegularExpressions;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>The man page tells all that the command's help names.</summary>
public sealed partial class ManPageTests
{
    private static string Page => Path.Combine(Checkout.Root, "docs/man/vfsblock.1");

    [Fact]
    public void ManPage_EveryCommandAndOption_IsInIt()
    {
        // Hyphens are escaped in it, and fonts change in the middle of words.
        string page = Font().Replace(File.ReadAllText(Page).Replace("\\-", "-", StringComparison.Ordinal), "");
        string help = Shell.Run(ToolMount.Program, "--help");
        string[] commands = [.. Command().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value)];
        Assert.Contains("import", commands);
        foreach (string command in commands)
        {
            int start = page.IndexOf($"\n.SS {command}\n", StringComparison.Ordinal);
            Assert.True(start >= 0, $"{command} has no section");
            string section = page[start..page.IndexOf("\n.S", start + 1, StringComparison.Ordinal)];
            string all = page[page.IndexOf("\n.SS All commands", StringComparison.Ordinal)..];
            string[] options = [.. Option().Matches(Shell.Run(ToolMount.Program, command, "--help")).Select(match => match.Groups[1].Value).Distinct()];
            Assert.Contains("--help", options);
            Assert.All(options, option => Assert.True(
                section.Contains(option, StringComparison.Ordinal) || (option is "-?" or "-h" or "--help" && all.Contains(option, StringComparison.Ordinal)),
                $"{command} {option} is not in the man page"));
        }

        Assert.All(Code().Matches(help), code => Assert.Contains($"\n.TP\n.B {code.Groups[1].Value}\n", page, StringComparison.Ordinal));
    }

    [Fact]
    public void ManPage_ByGroff_HasNoWarning()
    {
        if (ProgramRun.Start("groff", "-ww", "-man", "-Tutf8", Page) is { } run)
        {
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        }
    }

    [GeneratedRegex(@"\\f[BIR]")]
    private static partial Regex Font();

    [GeneratedRegex(@"(?m)^  ([a-z]+) ")]
    private static partial Regex Command();

    // Options begin lines of help, or follow a shorter name of theirs.
    [GeneratedRegex(@"(?m)(?<=^  |^  -[^\n]{0,20}, )(--?[a-zA-Z?][a-z-]*)")]
    private static partial Regex Option();

    [GeneratedRegex(@"(?m)^ +(\d+)  [a-z]")]
    private static partial Regex Code();
}
