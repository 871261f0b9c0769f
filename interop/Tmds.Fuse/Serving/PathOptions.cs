using System.Globalization;

namespace Tmds.Fuse;

/// <summary>The options of a path file system, with libfuse's names and defaults. Immutable.</summary>
internal sealed record PathOptions
{
    /// <summary><c>entry_timeout=</c>: how long the kernel may remember a name.</summary>
    public TimeSpan EntryTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>attr_timeout=</c>: how long the kernel may remember attributes.</summary>
    public TimeSpan AttributeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>negative_timeout=</c>: how long the kernel may remember that there is no such name.</summary>
    public TimeSpan NegativeTimeout { get; init; }

    /// <summary><c>use_ino</c>: inode numbers are the file system's, not ours.</summary>
    public bool UsesInodeNumbers { get; init; }

    /// <summary><c>kernel_cache</c>: every open keeps the page cache.</summary>
    public bool KeepsCache { get; init; }

    /// <summary><c>direct_io</c>: no open uses the page cache.</summary>
    public bool UsesDirectIo { get; init; }

    /// <summary><c>hard_remove</c>: an open file is unlinked at once.</summary>
    public bool RemovesOpenFiles { get; init; }

    /// <summary>Takes the options that are ours.</summary>
    /// <param name="options"><c>name</c> or <c>name=value</c>.</param>
    /// <exception cref="FuseException">One is unknown, or its value is no number of seconds.</exception>
    public static PathOptions Parse(IEnumerable<string> options)
    {
        var result = new PathOptions();
        foreach (string option in options)
        {
            (string name, string? value) = option.Split('=', 2) is [string left, string right] ? (left, right) : (option, null);
            result = (name, value) switch
            {
                ("entry_timeout", not null) => result with { EntryTimeout = Seconds(option, value) },
                ("attr_timeout", not null) => result with { AttributeTimeout = Seconds(option, value) },
                ("negative_timeout", not null) => result with { NegativeTimeout = Seconds(option, value) },
                ("use_ino", null) => result with { UsesInodeNumbers = true },
                ("kernel_cache", null) => result with { KeepsCache = true },
                ("direct_io", null) => result with { UsesDirectIo = true },
                ("hard_remove", null) => result with { RemovesOpenFiles = true },
                _ => throw new FuseException($"unknown mount option '{option}'; remove it, or check its spelling"),
            };
        }

        return result;
    }

    private static TimeSpan Seconds(string option, string text)
    {
        const double Longest = 1e9;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= Longest
            ? TimeSpan.FromSeconds(seconds)
            : throw new FuseException($"the mount option '{option}' needs a number of seconds, 0 to {Longest}");
    }
}
