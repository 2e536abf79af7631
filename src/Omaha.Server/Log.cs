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

    [LoggerMessage(EventId = 110, Level = LogLevel.Warning, Message = "The server is overloaded (requests wait {Lag} ms, {Cpu} % of the CPU time is used): a share of the checks is answered with no update and told to ask later, until the load falls.")]
    public static partial void ChecksAreHeld(this ILogger log, int lag, int cpu);

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "The server is no longer overloaded: every check is decided by the catalogue.")]
    public static partial void ChecksAreNoLongerHeld(this ILogger log);

    [LoggerMessage(EventId = 112, Level = LogLevel.Warning, Message = "How long requests wait cannot be measured ({Error}); overload is told by CPU time alone, where Overload:Cpu is below 100.")]
    public static partial void LagCannotBeMeasured(this ILogger log, string error);

    [LoggerMessage(EventId = 113, Level = LogLevel.Warning, Message = "Limits:Connections is {Connections}, but this process may open files for {Files} connections only, so these are the limit. Raise it with LimitNOFILE= (systemd) or ulimit -n.")]
    public static partial void ConnectionsAreLimitedByFiles(this ILogger log, int connections, int files);

    [LoggerMessage(EventId = 114, Level = LogLevel.Information, Message = "Told to stop: health pages say so, and requests are answered for {Seconds} seconds more.")]
    public static partial void Draining(this ILogger log, double seconds);

    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "Metrics cannot be sent to {Endpoint} (Otlp:Endpoint); they are sent again and again.")]
    public static partial void MetricsCannotBeSent(this ILogger log, Uri endpoint);

    [LoggerMessage(EventId = 121, Level = LogLevel.Information, Message = "Metrics are sent to {Endpoint} again.")]
    public static partial void MetricsAreSentAgain(this ILogger log, Uri endpoint);
}
