using System.Globalization;
using System.Text;

namespace VfsBlock.Fuse;

/// <summary>What is mounted, by /proc/self/mountinfo. Stateless; asks no file system anything, so it cannot hang.</summary>
public static class MountTable
{
    private const string File = "/proc/self/mountinfo";

    /// <summary>The mounts that this process can see, oldest first as a rule.</summary>
    public static IReadOnlyList<MountEntry> Read() => Parse(System.IO.File.ReadAllText(File));

    /// <summary>The entry on top at <paramref name="mountPoint"/>, or null if nothing is mounted there.</summary>
    /// <param name="mountPoint">An absolute path without links, as the kernel writes it.</param>
    public static MountEntry? Find(string mountPoint) => FindTop(Read(), mountPoint);

    /// <summary>Reads text in the format of /proc/self/mountinfo; lines that do not have it are passed over.</summary>
    public static IReadOnlyList<MountEntry> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var entries = new List<MountEntry>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ParseLine(line) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>Of several mounts on one directory the one that hides the others: no other of them stands on it.</summary>
    internal static MountEntry? FindTop(IReadOnlyList<MountEntry> entries, string mountPoint)
    {
        List<MountEntry> here = [.. entries.Where(entry => entry.MountPoint == mountPoint)];
        return here.LastOrDefault(entry => !here.Exists(other => other.ParentId == entry.Id));
    }

    // 41 26 0:38 / /mnt/x rw,nosuid shared:7 - fuse.vfsblock image rw,user_id=0
    private static MountEntry? ParseLine(string line)
    {
        string[] fields = line.Split(' ');
        int dash = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        if (dash < 0 || fields.Length < dash + 4
            || !TryNumber(fields[0], out int id) || !TryNumber(fields[1], out int parentId)
            || fields[2].Split(':') is not [string major, string minor]
            || !TryNumber(major, out int majorNumber) || !TryNumber(minor, out int minorNumber))
        {
            return null;
        }

        return new MountEntry(
            id,
            parentId,
            new DeviceNumber((uint)majorNumber, (uint)minorNumber),
            Unescape(fields[3]),
            Unescape(fields[4]),
            fields[5],
            Unescape(fields[dash + 1]),
            Unescape(fields[dash + 2]),
            Unescape(fields[dash + 3]));
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    // The kernel writes space, tab, newline, backslash (and # in a source) as a backslash and three octal digits.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        var text = new StringBuilder(field.Length);
        for (int index = 0; index < field.Length; index++)
        {
            if (field[index] == '\\' && index + 3 < field.Length
                && IsOctal(field[index + 1]) && IsOctal(field[index + 2]) && IsOctal(field[index + 3]))
            {
                int value = ((field[index + 1] - '0') * 64) + ((field[index + 2] - '0') * 8) + (field[index + 3] - '0');
                text.Append((char)value);
                index += 3;
            }
            else
            {
                text.Append(field[index]);
            }
        }

        return text.ToString();
    }

    private static bool IsOctal(char letter) => letter is >= '0' and <= '7';
}
