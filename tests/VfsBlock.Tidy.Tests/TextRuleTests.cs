using System.Text.RegularExpressions;
using Xunit;

namespace VfsBlock.Tidy.Tests;

/// <summary>Rules for every text of the project, documents and scripts included.</summary>
public sealed partial class TextRuleTests
{
    // Spelled apart, or this file would break its own rule.
    private static readonly string[] _unfinishedMarks = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "XX" + "X", "NotImplemented" + "Exception"];

    private static IEnumerable<string> Texts =>
        Repository.Files.Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".sh" or ".csproj" or ".props" or ".targets" or ".json" or ".c");

    [Fact]
    public void Text_EveryFile_HasNoUnfinishedMark()
    {
        IEnumerable<string> unfinished =
            from file in Texts
            let text = Repository.Read(file)
            from mark in _unfinishedMarks
            where Regex.IsMatch(text, $@"\b{mark}\b")
            select $"{file}: {mark}";
        Complaints.AssertNone(unfinished);
    }

    [Fact]
    public void Text_EveryLine_EndsCleanly()
    {
        IEnumerable<string> unclean =
            from file in Texts
            where !file.EndsWith("packages.lock.json", StringComparison.Ordinal)
            let text = Repository.Read(file)
            where text.Contains('\r') || (text.Length > 0 && text[^1] != '\n') || TrailingSpace().IsMatch(text)
            select file;
        Complaints.AssertNone(unclean);
    }

    [Fact]
    public void Document_EveryLink_LeadsToAFile()
    {
        IEnumerable<string> broken =
            from file in Repository.FilesEndingWith(".md")
            from target in LinkTargets(file)
            where !Path.Exists(Path.Combine(Repository.Root, target))
            select $"{file}: {target}";
        Complaints.AssertNone(broken);
    }

    [Fact]
    public void Document_EveryOne_IsReachedFromReadme()
    {
        var reached = new HashSet<string>();
        var waiting = new Queue<string>(["README.md"]);
        while (waiting.TryDequeue(out string? file))
        {
            if (reached.Add(file) && file.EndsWith(".md", StringComparison.Ordinal) && File.Exists(Path.Combine(Repository.Root, file)))
            {
                foreach (string target in LinkTargets(file))
                {
                    waiting.Enqueue(target);
                }
            }
        }

        Complaints.AssertNone(Repository.FilesEndingWith(".md").Where(file => !reached.Contains(file)));
    }

    [Fact]
    public void Script_EveryOne_IsExecutable()
    {
        IEnumerable<string> scripts = Repository.FilesEndingWith(".sh").Append(".ci/run");
        Complaints.AssertNone(scripts.Where(file => !File.GetUnixFileMode(Path.Combine(Repository.Root, file)).HasFlag(UnixFileMode.UserExecute)));
    }

    /// <summary>What the relative links of a document point at, from the root.</summary>
    private static IEnumerable<string> LinkTargets(string file) =>
        from Match link in Link().Matches(Repository.Read(file))
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
        select Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(file) ?? "", target));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[ \t]+$", RegexOptions.Multiline)]
    private static partial Regex TrailingSpace();
}
