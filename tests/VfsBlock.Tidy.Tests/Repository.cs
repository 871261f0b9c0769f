using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace VfsBlock.Tidy.Tests;

/// <summary>The checkout that these tests were built from, and the files in it that belong to the project.</summary>
internal static class Repository
{
    /// <summary>The folder that holds VfsBlock.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the project, relative to <see cref="Root"/>, with '/' between the parts.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    /// <summary>The files whose names end with <paramref name="suffix"/>.</summary>
    public static IEnumerable<string> FilesEndingWith(string suffix) =>
        Files.Where(file => file.EndsWith(suffix, StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        // CI builds map source paths to /_/, so the test assembly's own folder is the second place to start from.
        foreach (string? start in new[] { Path.GetDirectoryName(thisFile), AppContext.BaseDirectory })
        {
            for (string? folder = start; !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "VfsBlock.sln")))
                {
                    return folder;
                }
            }
        }

        throw new InvalidOperationException($"no VfsBlock.sln above {thisFile} or {AppContext.BaseDirectory}");
    }

    private static List<string> ListFiles()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        string[] skippedFolders = ["bin", "obj", "artifacts", "TestResults", "mnt", ".git", ".vs", ".idea", "BenchmarkDotNet.Artifacts"];
        var files = new List<string>();
        foreach (string path in Directory.EnumerateFiles(Root, "*", options))
        {
            string file = Path.GetRelativePath(Root, path);
            if (!file.Split('/').SkipLast(1).Any(skippedFolders.Contains))
            {
                files.Add(file);
            }
        }

        Debug.Assert(files.Count > 0, "the root holds at least the solution");
        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
