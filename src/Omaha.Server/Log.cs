using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>Every log line of the server. None is written per request.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Critical, Message = "The server cannot answer a request of its own ({Refusal}) and stays unready.")]
    public static partial void SelfProbeFailed(this ILogger log, Refusal refusal);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "Requests refused in the last minute: {Counts}.")]
    public static partial void RequestsWereRefused(this ILogger log, string counts);
}
