using Microsoft.Extensions.Logging;

namespace EdgeAutonomy.Host;

/// <summary>Writes log entries to standard error, one line each, without a time: journald and terminals stamp lines themselves.</summary>
internal sealed class LineLoggerProvider(TextWriter error) : ILoggerProvider
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName.StartsWith("EdgeAutonomy.", StringComparison.Ordinal) ? "" : categoryName + ": ");

    /// <inheritdoc/>
    public void Dispose() { }

    private void Write(LogLevel level, string text)
    {
        string word = level switch { LogLevel.Critical => "critical", LogLevel.Error => "error", LogLevel.Warning => "warning", LogLevel.Information => "info", _ => "debug" };
        lock (_gate)
        {
            error.WriteLine($"{word}: {text}");
            error.Flush();
        }
    }

    private sealed class LineLogger(LineLoggerProvider provider, string prefix) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) provider.Write(logLevel, prefix + formatter(state, exception) + (exception is null ? "" : " " + exception.Message));
        }
    }
}
