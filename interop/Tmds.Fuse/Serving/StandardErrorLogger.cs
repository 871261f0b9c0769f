using Microsoft.Extensions.Logging;

namespace Tmds.Fuse;

/// <summary>Tells warnings and errors on standard error, one line each, an exception by its type and message. Any thread may call it.</summary>
internal sealed class StandardErrorLogger : ILogger
{
    public static StandardErrorLogger Instance { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            string cause = exception is null ? "" : $" {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}";
            Console.Error.WriteLine($"fuse: {formatter(state, exception).ReplaceLineEndings(" ")}{cause}");
        }
    }
}
