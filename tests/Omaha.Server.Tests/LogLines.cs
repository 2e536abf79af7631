using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>The log of a server, line by line.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Written { get; } = new();

    public bool Has(string words) => Written.Any(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>Returns when a line with these words is there.</summary>
    public Task UntilAsync(string words) => Eventually.IsTrueAsync(() => Has(words), () => string.Join(" | ", Written));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Enqueue(formatter(state, exception));

    public void Dispose()
    {
        // Nothing is held.
    }
}
