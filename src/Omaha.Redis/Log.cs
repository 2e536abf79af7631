using Microsoft.Extensions.Logging;

namespace Omaha.Redis;

/// <summary>Every log line of this project. What was read from the store is cut and freed of control characters, so that nobody can write lines of their own.</summary>
internal static partial class Log
{
    private const int MaxText = 500;

    [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "The replica is {State}. {Message}")]
    public static partial void StateIsGood(this ILogger log, ReplicaState state, string message);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "The replica is {State}. {Message}")]
    public static partial void StateIsBad(this ILogger log, ReplicaState state, string message);

    [LoggerMessage(EventId = 202, Level = LogLevel.Warning, Message = "{Count} apps have faulty documents and keep their last good form; the first is {App}: {Reason}.")]
    public static partial void AppsAreFaulty(this ILogger log, int count, string app, string reason);

    [LoggerMessage(EventId = 203, Level = LogLevel.Information, Message = "No app has a faulty document any more.")]
    public static partial void NoAppIsFaulty(this ILogger log);

    [LoggerMessage(EventId = 204, Level = LogLevel.Warning, Message = "{Count} apps require what this version lacks and are answered with noupdate; the first is {App}: {Reason}.")]
    public static partial void AppsAreUnsupported(this ILogger log, int count, string app, string reason);

    [LoggerMessage(EventId = 205, Level = LogLevel.Error, Message = "The store's {Fault}.")]
    public static partial void StoreIsFaulty(this ILogger log, string fault);

    [LoggerMessage(EventId = 206, Level = LogLevel.Error, Message = "The replica failed in a way that nobody thought of; it tries again.")]
    public static partial void RefreshFailed(this ILogger log, Exception error);

    [LoggerMessage(EventId = 207, Level = LogLevel.Information, Message = "The snapshot {Path} holds {Apps} apps of epoch {Epoch} revision {Revision}, the state of the store at {Confirmed:u}.")]
    public static partial void SnapshotIsRead(this ILogger log, string path, int apps, string epoch, long revision, DateTimeOffset confirmed);

    [LoggerMessage(EventId = 208, Level = LogLevel.Warning, Message = "The snapshot {Path} has a fault. {Fault}")]
    public static partial void SnapshotHasFault(this ILogger log, string path, string fault);

    [LoggerMessage(EventId = 209, Level = LogLevel.Information, Message = "The snapshot {Path} is written again.")]
    public static partial void SnapshotIsWritten(this ILogger log, string path);

    public static string Plain(string text) =>
        string.Concat((text.Length > MaxText ? text[..MaxText] + '…' : text).Select(static character => char.IsControl(character) || character is '\u2028' or '\u2029' ? '?' : character));
}
