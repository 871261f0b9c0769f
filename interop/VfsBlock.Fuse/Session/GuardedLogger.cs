using Microsoft.Extensions.Logging;

namespace VfsBlock.Fuse;

/// <summary>The program's logger, of which a session needs no more than that it does no harm: what it throws is dropped.</summary>
/// <remarks>A log that cannot be written must not end a thread whose end unmounts a file system. Any thread may call it.</remarks>
internal sealed class GuardedLogger : ILogger
{
    private readonly ILogger _logger;

    /// <param name="logger">The program's own.</param>
    public GuardedLogger(ILogger logger) => _logger = logger;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            _logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }
}
