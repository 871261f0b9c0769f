using Microsoft.Extensions.Logging;

namespace VfsBlock.Fuse.Tests;

/// <summary>Keeps what was logged, or throws as a broken one does.</summary>
internal sealed class ListLogger : ILogger
{
    private readonly List<(LogLevel Level, string Text, Exception? Exception)> _entries = [];

    public IReadOnlyList<(LogLevel Level, string Text, Exception? Exception)> Entries
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries];
            }
        }
    }

    public IReadOnlyList<string> Texts => [.. Entries.Select(entry => entry.Text)];

    /// <summary>True to throw at every entry from now on.</summary>
    public bool IsBroken { get; set; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsBroken)
        {
            throw new IOException("the log cannot be written");
        }

        lock (_entries)
        {
            _entries.Add((logLevel, formatter(state, exception), exception));
        }
    }
}
