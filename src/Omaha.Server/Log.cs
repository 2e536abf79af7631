using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>Every log line of the server. None is written per request.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Critical, Message = "The server cannot answer a request of its own ({Refusal}) and stays unready.")]
    public static partial void SelfProbeFailed(this ILogger log, Refusal refusal);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "Requests refused in the last minute: {Counts}.")]
    public static partial void RequestsWereRefused(this ILogger log, string counts);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning, Message = "Brakes:PauseAll is set: this server offers nothing.")]
    public static partial void PausedHere(this ILogger log);

    [LoggerMessage(EventId = 103, Level = LogLevel.Information, Message = "Brakes:PauseAll is no longer set: this server offers what the catalogue says.")]
    public static partial void ResumedHere(this ILogger log);

    [LoggerMessage(EventId = 104, Level = LogLevel.Error, Message = "Brakes:PauseAll is neither true nor false. It may have been meant as a brake, so this server offers nothing until it is one of them.")]
    public static partial void LocalBrakeIsUnreadable(this ILogger log);

    [LoggerMessage(EventId = 110, Level = LogLevel.Warning, Message = "Metrics cannot be sent to {Endpoint} (Otlp:Endpoint); they are sent again and again.")]
    public static partial void MetricsCannotBeSent(this ILogger log, Uri endpoint);

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "Metrics are sent to {Endpoint} again.")]
    public static partial void MetricsAreSentAgain(this ILogger log, Uri endpoint);
}
