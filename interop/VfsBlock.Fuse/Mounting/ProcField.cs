namespace VfsBlock.Fuse;

/// <summary>Files of /proc that hold a <c>name: value</c> a line. Stateless; any thread may call it.</summary>
internal static class ProcField
{
    /// <summary>The value of the first line with that name, trimmed; null if there is none.</summary>
    public static string? Read(string path, string name) => File.ReadLines(path)
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.AsSpan(name.Length).StartsWith(":"))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}
